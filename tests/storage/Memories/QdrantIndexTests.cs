using Informer.Ai.Chats;
using Microsoft.Extensions.Options;
using Xunit;

namespace Informer.Ai.Memories;

public sealed class QdrantIndexTests : MemoryIndexBehaviour
{
    private readonly QdrantUnderTest _under;

    public QdrantIndexTests()
        : this(new QdrantUnderTest())
    {
    }

    private QdrantIndexTests(QdrantUnderTest under)
        : base(under) => _under = under;

    [Fact]
    public async Task Every_request_that_can_be_sent_is_as_Qdrant_describes_it()
    {
        var description = QdrantDescription.Load();
        Assert.SkipWhen(description is null, QdrantDescription.Missing);
        await Put(Ann, (1, 1, [1, 0, 0]), (2, 1, [0, 1, 0]));
        await Search(Ann, [1, 0, 0]);
        await Search(Ann, [1, 0, 0], chat: 1);
        await _under.Remove(Ann, "managed/small", 3, Named(1));
        await _under.Clear(Ann, "managed/small", 3, Chat(1));
        await _under.Clear(Ann, "managed/small", 3, null);

        var kinds = _under.Double.Seen.Select(request => $"{request.Method} {request.Path.Split('/', 4).ElementAtOrDefault(3)}").Distinct().Order();
        Assert.Equal(["POST points/delete", "POST points/query", "PUT ", "PUT index", "PUT points"], kinds);
        Assert.Empty(_under.Double.Seen.SelectMany(description.Faults));
    }

    [Fact]
    public void The_description_tells_a_wrong_request()
    {
        var description = QdrantDescription.Load();
        Assert.SkipWhen(description is null, QdrantDescription.Missing);
        List<string> Faults(string path, string body) =>
            [.. description.Faults(new SeenRequest("POST", path, "", null, System.Text.Json.JsonElement.Parse(body)))];

        Assert.Empty(Faults("/collections/c/points/query", """{"query":[1,0],"limit":1}"""));
        Assert.NotEmpty(Faults("/collections/c/points/query", """{"query":[1,0],"limt":1}"""));
        Assert.NotEmpty(Faults("/collections/c/points/query", """{"query":[1,0],"limit":"1"}"""));
        Assert.NotEmpty(Faults("/collections/c/points/query", """{"query":[1,0],"filter":{"must":[{"kay":"tenant","match":{"value":"a"}}]}}"""));
        Assert.NotEmpty(Faults("/collections/c/points/delete", "{}"));
        Assert.NotEmpty(Faults("/collections/c/points/find", "{}"));
    }

    [Fact]
    public async Task Every_request_that_finds_or_removes_names_tenant_user_and_model()
    {
        await Put(Ann, (1, 1, [1, 0, 0]));
        await Search(Ann, [1, 0, 0], chat: 1);
        await _under.Remove(Ann, "managed/small", 3, Named(1));
        await _under.Clear(Ann, "managed/small", 3, null);

        var bounded = _under.Double.Seen.Where(request => request.Method == "POST").ToList();

        Assert.Equal(3, bounded.Count);
        Assert.All(bounded, request => Assert.Equal(
            [("tenant", "acme"), ("user", "ann"), ("model", "managed/small")],
            request.Body!.Value.GetProperty("filter").GetProperty("must").EnumerateArray().Take(3).Select(condition =>
                (condition.GetProperty("key").GetString(), condition.GetProperty("match").GetProperty("value").GetString()))));
        var index = _under.Double.Seen.First(request => request.Path.EndsWith("/index", StringComparison.Ordinal)).Body!.Value;
        Assert.Equal("tenant", index.GetProperty("field_name").GetString());
        Assert.True(index.GetProperty("field_schema").GetProperty("is_tenant").GetBoolean());
    }

    [Fact]
    public async Task A_passing_failure_is_not_noticed()
    {
        await Put(Ann, (1, 1, [1, 0, 0]));
        _under.Double.FailNext(2);

        Assert.Single(await Search(Ann, [1, 0, 0]));
    }

    [Fact]
    public async Task A_server_that_keeps_failing_or_is_silent_or_gone_is_told_and_no_key_with_it()
    {
        await Put(Ann, (1, 1, [1, 0, 0]));
        Assert.All(_under.Double.Seen, request => Assert.Equal(QdrantUnderTest.Key, request.ApiKey));

        _under.Double.FailNext(3);
        var refused = await Assert.ThrowsAsync<MemoryIndexException>(() => Search(Ann, [1, 0, 0]));
        _under.Double.FailNext(0);
        _under.Double.Silent = true;
        var silent = await Assert.ThrowsAsync<MemoryIndexException>(() => Search(Ann, [1, 0, 0]));
        await _under.Double.DisposeAsync();
        var gone = await Assert.ThrowsAsync<MemoryIndexException>(() => Search(Ann, [1, 0, 0]));

        Assert.All([refused, silent, gone], failure => Assert.DoesNotContain(QdrantUnderTest.Key, failure.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collection_that_was_lost_is_made_again()
    {
        await Put(Ann, (1, 1, [1, 0, 0]));
        _under.Double.Lose();
        Assert.Empty(await Search(Ann, [1, 0, 0]));

        await Put(Ann, (2, 1, [1, 0, 0]));

        Assert.Single(await Search(Ann, [1, 0, 0]));
    }

    [Fact]
    public async Task A_collection_that_another_process_has_made_is_used()
    {
        await using var other = new QdrantUnderTest(_under.Double);
        await other.Put(Ann, "managed/small", (1, 1, [1, 0, 0]));

        await Put(Ann, (2, 1, [1, 0, 0]));

        Assert.Equal(2, (await Search(Ann, [1, 0, 0])).Count);
    }
}

/// <summary>The same on a real server, when the environment names one.</summary>
public sealed class RealQdrantIndexTests() : MemoryIndexBehaviour(new RealQdrantUnderTest());

/// <summary>The client of Qdrant before the double.</summary>
internal sealed class QdrantUnderTest : IIndexUnderTest
{
    public const string Key = "canary-key";

    private readonly QdrantMemoryIndex _index;
    private readonly bool _ownsDouble;

    public QdrantUnderTest(QdrantDouble? shared = null)
    {
        Double = shared ?? Task.Run(() => QdrantDouble.Start()).GetAwaiter().GetResult();
        _ownsDouble = shared is null;
        _index = new QdrantMemoryIndex(
            Options.Create(new QdrantOptions { Url = Double.Address, ApiKey = Key, Timeout = TimeSpan.FromSeconds(0.2) }), TimeProvider.System);
    }

    public QdrantDouble Double { get; }

    public IMemoryIndex Index => _index;

    public Task Put(MemoryOwner owner, string model, params (int Number, int Chat, float[] Vector)[] memories) =>
        VectorsOf.Put(Index, owner, model, memories);

    public Task Remove(MemoryOwner owner, string model, int dimension, MemoryId id) =>
        Index.RemoveAsync(owner, new EmbeddingSpace(model, dimension), [id], default);

    public Task Clear(MemoryOwner owner, string model, int dimension, ChatId? chat) =>
        Index.ClearAsync(owner, new EmbeddingSpace(model, dimension), chat, default);

    public async ValueTask DisposeAsync()
    {
        _index.Dispose();
        if (_ownsDouble)
        {
            await Double.DisposeAsync();
        }
    }
}

/// <summary>The client of Qdrant before the server that <c>INFORMER_QDRANT</c> names, in collections of this run alone.</summary>
internal sealed class RealQdrantUnderTest : IIndexUnderTest
{
    private const string Variable = "INFORMER_QDRANT";

    private readonly QdrantMemoryIndex _index;
    private readonly Uri _address;
    private readonly string _collection = $"informer-test-{new IdSource(TimeProvider.System).Next():N}";
    private readonly HashSet<int> _dimensions = [];

    public RealQdrantUnderTest()
    {
        var address = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(address), $"No Qdrant server is named in {Variable}.");
        _address = new Uri(address!);
        _index = new QdrantMemoryIndex(Options.Create(new QdrantOptions { Url = _address, Collection = _collection }), TimeProvider.System);
    }

    public IMemoryIndex Index => _index;

    public Task Put(MemoryOwner owner, string model, params (int Number, int Chat, float[] Vector)[] memories)
    {
        _dimensions.UnionWith(memories.Select(memory => memory.Vector.Length));
        return VectorsOf.Put(Index, owner, model, memories);
    }

    public Task Remove(MemoryOwner owner, string model, int dimension, MemoryId id) =>
        Index.RemoveAsync(owner, new EmbeddingSpace(model, dimension), [id], default);

    public Task Clear(MemoryOwner owner, string model, int dimension, ChatId? chat) =>
        Index.ClearAsync(owner, new EmbeddingSpace(model, dimension), chat, default);

    public async ValueTask DisposeAsync()
    {
        _index.Dispose();
        using var http = new HttpClient();
        foreach (var dimension in _dimensions)
        {
            (await http.DeleteAsync(new Uri(_address, $"collections/{_collection}-{dimension}"))).Dispose();
        }
    }
}

internal static class VectorsOf
{
    public static async Task Put(
        IMemoryIndex index, MemoryOwner owner, string model, (int Number, int Chat, float[] Vector)[] memories)
    {
        foreach (var same in memories.GroupBy(memory => memory.Vector.Length))
        {
            await index.PutAsync(
                owner,
                new EmbeddingSpace(model, same.Key),
                [
                    .. same.Select(memory => new MemoryVector(
                        new MemoryId(new Guid(500 + memory.Number, 0, 0, new byte[8])),
                        new ChatId(new Guid(memory.Chat, 0, 0, new byte[8])),
                        Embedding.Of(model, memory.Vector).Vector)),
                ],
                default);
        }
    }
}
