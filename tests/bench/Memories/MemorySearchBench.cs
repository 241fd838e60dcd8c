using System.Diagnostics;
using Informer.Ai.Chats;
using Informer.Ai.Simulator;
using Informer.Ai.Storage.Sqlite;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Memories;

/// <summary>
/// A user with a hundred thousand memories: what a search of the embedded index takes, beside a scan as one would
/// write it; what the first search takes, which reads the vectors; and how often the right memory is found.
/// </summary>
internal sealed class MemorySearchBench(bool brief, Report report)
{
    private const int Dimension = 256;
    private const int Limit = 5;
    private const string Model = "bench/embedding";

    private static readonly MemoryOwner Owner = new(new TenantId("acme"), new UserId("ann"));

    private readonly int _memories = brief ? 5_000 : 100_000;
    private readonly int _rounds = brief ? 3 : 21;
    private readonly int _searches = brief ? 5 : 20;
    private readonly Random _random = new(4);

    public async Task Run()
    {
        var directory = Directory.CreateTempSubdirectory("informer-ai-bench-");
        try
        {
            await using var database = SqliteDatabase.Open(directory.FullName, TimeProvider.System);
            var vectors = await Fill(database);
            await Measure(new SqliteMemoryStore(database), vectors);
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        await Quality();
    }

    private async Task Measure(SqliteMemoryStore store, List<(MemoryId Id, float[] Vector)> vectors)
    {
        var index = new EmbeddedMemoryIndex(store, Options.Create(new MemoryOptions()));
        var first = Stopwatch.GetTimestamp();
        await Search(index, Query());
        var loaded = Stopwatch.GetElapsedTime(first);

        var (ours, theirs) = (new List<Samples>(), new List<Samples>());
        for (var round = 0; round < _rounds; round++)
        {
            var queries = Enumerable.Range(0, _searches).Select(_ => Query()).ToList();
            var found = new List<IReadOnlyList<MemoryId>>();
            var scanned = new List<IReadOnlyList<MemoryId>>();
            foreach (var plain in round % 2 == 0 ? new[] { false, true } : [true, false])
            {
                var samples = new Samples();
                foreach (var query in queries)
                {
                    var started = Stopwatch.GetTimestamp();
                    if (plain)
                    {
                        scanned.Add(Scan(vectors, query));
                    }
                    else
                    {
                        found.Add(await Search(index, query));
                    }

                    samples.Add(Stopwatch.GetElapsedTime(started));
                }

                (plain ? theirs : ours).Add(samples);
            }

            BrokenException.Unless(
                found.Zip(scanned).All(pair => pair.First.SequenceEqual(pair.Second)), "The index and the scan found different memories.");
        }

        var (index50, scan50) = (Samples.Of(ours), Samples.Of(theirs));
        report.Line($"# Search over {_memories:N0} memories of one user");
        report.Line();
        report.Line($"Vectors of {Dimension} single floats, the {Limit} nearest by cosine, one search at a time. The plain scan goes over a list of arrays with a loop and sorts what it has found; both found the same memories for every query. Times are of the search alone: a request adds the embedding of its query.");
        report.Line();
        report.Table(
            ["way", "p50 ms", "p99 ms", "p50 ratio", "p99 ratio"],
            ["plain scan", scan50.P50.Text(), scan50.P99.Text(), 1.0.Times(), 1.0.Times()],
            [
                "embedded index", index50.P50.Text(), index50.P99.Text(),
                Figures.Ratio([.. ours.Select(samples => samples.P50)], [.. theirs.Select(samples => samples.P50)]).Times(),
                Figures.Ratio([.. ours.Select(samples => samples.P99)], [.. theirs.Select(samples => samples.P99)]).Times(),
            ]);
        report.Line();
        report.Line($"The first search after a start reads the vectors from SQLite: {loaded.TotalMilliseconds.Text()} ms. They take {index.Bytes / 1024.0 / 1024.0:F0} MiB while they are kept.");
    }

    private async Task Quality()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        var memories = await MemorySet.Embed(simulator, MemorySet.All.Select(pair => pair.Memory));
        var questions = await MemorySet.Embed(simulator, MemorySet.All.Select(pair => pair.Question));
        int[] ranks = [.. questions.Select((question, number) =>
        {
            var scores = memories.Select(memory => Dot(memory, question)).ToList();
            return scores.Count(score => score > scores[number]);
        })];
        report.Heading("The right one of 200 memories for a paraphrased question");
        report.Line("Forty facts about each of five people, and for each a question in other words, with the simulator's embeddings, which know words and their stems and no synonyms: a real model's are better.");
        report.Line();
        report.Table(
            ["the right memory is", "of 200 questions", "by chance"],
            ["the first", $"{ranks.Count(rank => rank == 0)}", "1"],
            ["among the first five", $"{ranks.Count(rank => rank < 5)}", "5"]);
    }

    private async Task<List<(MemoryId Id, float[] Vector)>> Fill(SqliteDatabase database)
    {
        var (chats, store) = (new SqliteChatStore(database), new SqliteMemoryStore(database));
        var key = new ChatKey(Owner.Tenant, Owner.User, new ChatId(new Guid(1, 0, 0, new byte[8])));
        var settings = new ChatSettings(
            null, true, "m", "everyday", null, false, false, false, false, null, "small", null, null, [], [], [], null);
        var now = TimeProvider.System.GetUtcNow();
        await chats.CreateAsync(key, new StoredChat(settings, 0, null, now, now), [], CancellationToken.None);
        var vectors = new List<(MemoryId, float[])>();
        foreach (var some in Enumerable.Range(0, _memories).Chunk(1_000))
        {
            await Task.WhenAll(some.Select(number =>
            {
                var embedding = Query();
                var memory = new Memory(
                    new MemoryId(new Guid(number, 0, 0, new byte[8])), key.Chat, $"Memory {number}", MemoryReason.UserCreated, [], now, now);
                vectors.Add((memory.Id, embedding.Vector.ToArray()));
                return store.AddAsync(Owner, new StoredMemory(memory, 0, embedding), CancellationToken.None);
            }));
        }

        return vectors;
    }

    private Embedding Query()
    {
        var vector = new float[Dimension];
        for (var at = 0; at < Dimension; at++)
        {
            vector[at] = (float)(_random.NextDouble() - 0.5);
        }

        return Embedding.Of(Model, vector);
    }

    private static async Task<IReadOnlyList<MemoryId>> Search(EmbeddedMemoryIndex index, Embedding query) =>
        [.. (await index.SearchAsync(Owner, new IndexQuery(query, null, Limit, -1), CancellationToken.None)).Select(hit => hit.Id)];

    private static List<MemoryId> Scan(List<(MemoryId Id, float[] Vector)> vectors, Embedding query)
    {
        var near = query.Vector.ToArray();
        return [.. vectors.Select(memory => (memory.Id, Score: Dot(memory.Vector, near))).OrderByDescending(hit => hit.Score).Take(Limit).Select(hit => hit.Id)];
    }

    private static float Dot(float[] left, float[] right)
    {
        var sum = 0f;
        for (var at = 0; at < left.Length; at++)
        {
            sum += left[at] * right[at];
        }

        return sum;
    }
}
