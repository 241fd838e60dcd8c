using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Informer.Ai.Chats;

/// <summary>
/// Thousands of answers open at once in one process: what a stream takes of memory and time, how punctual its events
/// are beside those of the bare model, and whether every answer is settled when all readers go at once.
/// </summary>
internal sealed class StreamsBench(bool brief, Report report)
{
    private const int OpeningAtOnce = 64;
    private static readonly TimeSpan SettledWithin = TimeSpan.FromMinutes(2);

    private readonly int _streams = brief ? 200 : 5_000;
    private readonly TimeSpan _watched = TimeSpan.FromSeconds(brief ? 5 : 60);

    public async Task Run()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorProcess.Start();
        await using var service = await Components.Service(
            directory,
            simulator,
            ("Informer__Memories__OffTenants__0", "demo"),
            ("Informer__Gateway__StreamsPerUserMax", "20000"));
        using var http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero })
        {
            BaseAddress = service.Address,
            Timeout = TimeSpan.FromMinutes(10),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", service.TokenOf("analyst"));

        report.Line("# Open streams");
        report.Line();
        report.Line($"{_streams:N0} answers at once, each with a token a second, read by one client for {_watched.TotalSeconds:N0} s;"
            + " the model is a simulator in a process of its own, and the same number is read straight from it first."
            + " An event's delay is how much later it came than by the clock of its stream: its most punctual event, and a second for each token.");
        var chats = await Many(_streams, async _ => await NewChat(http));
        var straight = await Open(_streams, stream => Straight(simulator, stream), http);
        await Punctuality(straight);
        await Leave(straight);

        var (memoryBefore, usedBefore) = (Memory(service.Id), await Used(http));
        var streams = await Open(_streams, stream => Turn(chats[stream], stream), http);
        var (opened, cpuBefore) = (Memory(service.Id), Cpu.Of(service.Id));
        await Punctuality(streams);
        var (memory, cpu) = (Memory(service.Id), Cpu.Of(service.Id) - cpuBefore);
        var watched = streams.Sum(stream => stream.Delays.Count);
        await Leave(streams);
        var received = streams.Sum(stream => stream.Tokens);
        var settled = await Settled(service);
        var (events, charged, tokens) = Books(service);

        BrokenException.Unless(events == _streams, $"{events} usage events for {_streams} answers.");
        BrokenException.Unless(tokens >= received, $"{tokens} tokens were charged, and {received} had come.");
        var used = await Used(http) - usedBefore;
        BrokenException.Unless(used * 1_000_000 == charged, $"The month moved by {used} credits; the events charge {charged} micro-credits.");
        report.Heading("Delay of an event");
        report.Table(
        [
            ["way", "events", "p50 ms", "p99 ms", "p99 ratio"],
            Row("straight to the model", straight),
            Row("a chat's turn", streams),
        ]);
        report.Heading("The process");
        report.Table(
        [
            ["", ""],
            ["memory before, MB", (memoryBefore / 1e6).Text()],
            ["with all streams open, KB a stream", ((opened - memoryBefore) / 1e3 / _streams).Text()],
            [$"after {_watched.TotalSeconds:N0} s of them, KB a stream", ((memory - memoryBefore) / 1e3 / _streams).Text()],
            ["processor time, µs an event", (cpu.TotalMicroseconds / watched).Text()],
            ["readers gone → all settled, ms", settled.TotalMilliseconds.Text()],
        ]);
        report.Line();
        report.Line($"All readers went at once: {events:N0} answers were settled, each once, no hold was left, and the month moved by exactly what they were charged.");

        string[] Row(string way, IReadOnlyList<OpenStream> all)
        {
            var delays = Samples.Of(all.Select(stream => stream.Delays));
            return
            [
                way,
                delays.Count.ToString("N0", CultureInfo.InvariantCulture),
                delays.P50.Text(),
                delays.P99.Text(),
                (delays.P99 / Samples.Of(straight.Select(stream => stream.Delays)).P99).Times(),
            ];
        }
    }

    private static async Task<List<OpenStream>> Open(int count, Func<int, HttpRequestMessage> request, HttpClient http)
    {
        var streams = await Many(count, stream => OpenStream.Open(request(stream), http));
        await Task.WhenAll(streams.Select(stream => stream.Begun));
        return streams;
    }

    private async Task Punctuality(List<OpenStream> streams)
    {
        streams.ForEach(stream => stream.Count());
        await Task.Delay(_watched, TimeProvider.System);
        streams.ForEach(stream => stream.Pause());
    }

    private static Task Leave(List<OpenStream> streams) => Task.WhenAll(streams.Select(stream => stream.Leave()));

    private static async Task<TimeSpan> Settled(ServiceProcess service)
    {
        var since = Stopwatch.GetTimestamp();
        while (ServiceStore.Count(service.DataDirectory, "SELECT COUNT(*) FROM credit_hold") > 0)
        {
            BrokenException.Unless(Stopwatch.GetElapsedTime(since) < SettledWithin, "Holds were left.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        return Stopwatch.GetElapsedTime(since);
    }

    private static (long Events, long Charged, long Tokens) Books(ServiceProcess service) => (
        ServiceStore.Count(service.DataDirectory, "SELECT COUNT(*) FROM usage_event"),
        ServiceStore.Count(service.DataDirectory, "SELECT COALESCE(SUM(charged), 0) FROM usage_event"),
        ServiceStore.Count(service.DataDirectory, "SELECT COALESCE(SUM(output_tokens), 0) FROM usage_event"));

    private static async Task<List<T>> Many<T>(int count, Func<int, Task<T>> make)
    {
        var made = new T[count];
        await Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = OpeningAtOnce }, async (at, _) => made[at] = await make(at));
        return [.. made];
    }

    private static HttpRequestMessage Straight(SimulatorProcess simulator, int stream) =>
        new(HttpMethod.Post, $"{simulator.Address}/chat/completions")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", SimulatorProcess.Key) },
            Content = JsonContent.Create(new
            {
                model = "sim-everyday",
                messages = new[] { new { role = "user", content = Question(stream) } },
                max_completion_tokens = 4_096,
                stream = true,
            }),
        };

    private static HttpRequestMessage Turn(string chat, int stream) => new(HttpMethod.Post, new Uri($"/api/chats/{chat}", UriKind.Relative))
    {
        Content = JsonContent.Create(new { message = new { id = "1", role = "user", parts = new[] { new { type = "text", text = Question(stream) } } } }),
    };

    private static string Question(int stream) => $"Say a lot, slowly, in stream {stream} #sim tokens=4000 delay=1000";

    private static async Task<string> NewChat(HttpClient http)
    {
        using var answer = await http.PostAsJsonAsync("/api/chats", new { modelId = "go_everyday", name = "Bench" });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<decimal> Used(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>("/api/ai-budget")).GetProperty("monthly").GetProperty("creditsUsed").GetDecimal();

    private static long Memory(int process) => 1_024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture);
}
