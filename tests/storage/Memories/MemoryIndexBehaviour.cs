using Informer.Ai.Chats;
using Informer.Ai.Tenancy;
using Xunit;

namespace Informer.Ai.Memories;

/// <summary>What every index of memories does.</summary>
public abstract class MemoryIndexBehaviour(IIndexUnderTest under) : IAsyncDisposable
{
    private const string Model = "managed/small";

    protected static readonly MemoryOwner Ann = new(new TenantId("acme"), new UserId("ann"));

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return under.DisposeAsync();
    }

    [Fact]
    public async Task The_nearest_come_first_and_no_more_than_asked_for()
    {
        await Put(Ann, (1, 1, [1, 0, 0]), (2, 1, [1, 1, 0]), (3, 1, [0, 1, 0]), (4, 1, [-1, 0, 0]));

        var hits = await Search(Ann, [1, 0, 0], limit: 3);

        Assert.Equal([Named(1), Named(2), Named(3)], hits.Select(hit => hit.Id));
        Assert.Equal([1, MathF.Sqrt(0.5f), 0], hits.Select(hit => hit.Score), (expected, actual) => MathF.Abs(expected - actual) < 1e-5f);
    }

    [Fact]
    public async Task What_is_not_near_enough_is_not_found()
    {
        await Put(Ann, (1, 1, [1, 0, 0]), (2, 1, [1, 1, 0]), (3, 1, [0, 1, 0]));

        Assert.Equal([Named(1), Named(2)], (await Search(Ann, [1, 0, 0], scoreMin: 0.5f)).Select(hit => hit.Id));
        Assert.Empty(await Search(Ann, [0, 0, -1], scoreMin: 0.5f));
    }

    [Fact]
    public async Task Another_users_or_tenants_memories_are_never_found_changed_or_removed()
    {
        MemoryOwner[] others =
        [
            Ann with { User = new("bob") }, Ann with { Tenant = new("other") }, Ann with { User = new("""ann"}},{"key":"x""") },
            Ann with { Tenant = new("acme ") }, Ann with { User = new("ANN") },
        ];
        await Put(Ann, (1, 1, [1, 0, 0]));
        for (var at = 0; at < others.Length; at++)
        {
            await Put(others[at], (10 + at, 1, [1, 0, 0]));
        }

        foreach (var other in others)
        {
            await under.Index.RemoveAsync(other, new EmbeddingSpace(Model, 3), [Named(1)], default);
            await under.Index.ClearAsync(other, new EmbeddingSpace(Model, 3), Chat(2), default);
        }

        Assert.Equal([Named(1)], (await Search(Ann, [1, 0, 0])).Select(hit => hit.Id));
        for (var at = 0; at < others.Length; at++)
        {
            Assert.Equal([Named(10 + at)], (await Search(others[at], [1, 0, 0])).Select(hit => hit.Id));
        }
    }

    [Fact]
    public async Task A_search_can_be_kept_to_one_chat()
    {
        await Put(Ann, (1, 1, [1, 0, 0]), (2, 2, [1, 1, 0]), (3, 2, [0, 1, 0]));

        Assert.Equal([Named(2), Named(3)], (await Search(Ann, [1, 0, 0], chat: 2)).Select(hit => hit.Id));
        Assert.Empty(await Search(Ann, [1, 0, 0], chat: 9));
    }

    [Fact]
    public async Task Vectors_of_different_models_are_never_compared()
    {
        await Put(Ann, (1, 1, [1, 0, 0]));
        await under.Put(Ann, "managed/other", (2, 1, [1, 0, 0]));
        await under.Put(Ann, Model, (3, 1, [1, 0]));

        Assert.Equal([Named(1)], (await Search(Ann, [1, 0, 0])).Select(hit => hit.Id));
        Assert.Equal([Named(3)], (await Search(Ann, [1, 0])).Select(hit => hit.Id));
        Assert.Equal([Named(2)], (await under.Index.SearchAsync(
            Ann, new IndexQuery(Embedding.Of("managed/other", [1, 0, 0]), null, 9, -1), default)).Select(hit => hit.Id));
        Assert.Empty(await under.Index.SearchAsync(
            Ann, new IndexQuery(Embedding.Of("managed/third", [1, 0, 0]), null, 9, -1), default));
    }

    [Fact]
    public async Task A_memory_that_is_put_again_has_its_new_place()
    {
        await Put(Ann, (1, 1, [1, 0, 0]), (2, 1, [0, 1, 0]));
        await Search(Ann, [1, 0, 0]);

        await Put(Ann, (1, 1, [0, 0, 1]));

        Assert.Equal([Named(1)], (await Search(Ann, [0, 0, 1], scoreMin: 0.9f)).Select(hit => hit.Id));
        Assert.Empty(await Search(Ann, [1, 0, 0], scoreMin: 0.9f));
        Assert.Equal(2, (await Search(Ann, [1, 0, 0])).Count);
    }

    [Fact]
    public async Task What_was_removed_is_not_found_again()
    {
        await Put(Ann, (1, 1, [1, 0, 0]), (2, 1, [1, 0, 0]), (3, 2, [1, 0, 0]), (4, 3, [1, 0, 0]));
        await Search(Ann, [1, 0, 0]);

        await under.Remove(Ann, Model, 3, Named(1));
        Assert.Equal([Named(2), Named(3), Named(4)], Sorted(await Search(Ann, [1, 0, 0])));
        await under.Clear(Ann, Model, 3, Chat(2));
        Assert.Equal([Named(2), Named(4)], Sorted(await Search(Ann, [1, 0, 0])));
        await under.Clear(Ann, Model, 3, null);
        Assert.Empty(await Search(Ann, [1, 0, 0]));
    }

    [Fact]
    public async Task An_index_in_which_nothing_was_put_finds_nothing()
    {
        Assert.Empty(await Search(Ann, [1, 0, 0]));
        await under.Index.RemoveAsync(Ann, new EmbeddingSpace(Model, 3), [Named(1)], default);
        await under.Index.ClearAsync(Ann, new EmbeddingSpace(Model, 3), null, default);
        await Put(Ann, (1, 1, [1, 0, 0]));
        Assert.Empty(await Search(Ann, [1, 0, 0], limit: 0));
    }

    [Fact]
    public async Task It_finds_what_a_plain_scan_finds()
    {
        var random = new Random(20);
        float[] Direction() => [.. Enumerable.Range(0, 24).Select(_ => (float)(random.NextDouble() - 0.5))];
        var vectors = Enumerable.Range(1, 300).ToDictionary(number => number, _ => Direction());
        await Put(Ann, [.. vectors.Select(pair => (pair.Key, 1 + (pair.Key % 3), pair.Value))]);

        for (var round = 0; round < 20; round++)
        {
            var near = Direction();
            var expected = vectors.Where(pair => round % 2 == 0 || pair.Key % 3 == 0)
                .OrderByDescending(pair => Cosine(pair.Value, near)).Take(10).Select(pair => Named(pair.Key));

            Assert.Equal(expected, (await Search(Ann, near, limit: 10, chat: round % 2 == 0 ? null : 1)).Select(hit => hit.Id));
        }
    }

    protected static MemoryId Named(int number) => new(new Guid(500 + number, 0, 0, new byte[8]));

    protected static ChatId Chat(int number) => new(new Guid(number, 0, 0, new byte[8]));

    protected Task Put(MemoryOwner owner, params (int Number, int Chat, float[] Vector)[] memories) => under.Put(owner, Model, memories);

    protected Task<IReadOnlyList<IndexHit>> Search(
        MemoryOwner owner, float[] near, int limit = 9, float scoreMin = -1.01f, int? chat = null) =>
        under.Index.SearchAsync(
            owner, new IndexQuery(Embedding.Of(Model, near), chat is { } number ? Chat(number) : null, limit, scoreMin), default);

    private static IEnumerable<MemoryId> Sorted(IEnumerable<IndexHit> hits) =>
        hits.Select(hit => hit.Id).OrderBy(id => id.ToString(), StringComparer.Ordinal);

    private static double Cosine(float[] left, float[] right) =>
        left.Zip(right, (one, other) => (double)one * other).Sum()
        / Math.Sqrt(left.Sum(part => (double)part * part) * right.Sum(part => (double)part * part));
}

/// <summary>An index as the behaviour suite sees it.</summary>
public interface IIndexUnderTest : IAsyncDisposable
{
    IMemoryIndex Index { get; }

    /// <summary>Writes the rows and puts their vectors.</summary>
    Task Put(MemoryOwner owner, string model, params (int Number, int Chat, float[] Vector)[] memories);

    /// <summary>Deletes a row and takes it out.</summary>
    Task Remove(MemoryOwner owner, string model, int dimension, MemoryId id);

    /// <summary>Deletes rows and takes them out.</summary>
    Task Clear(MemoryOwner owner, string model, int dimension, ChatId? chat);
}
