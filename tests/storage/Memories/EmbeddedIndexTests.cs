using Informer.Ai.Chats;
using Informer.Ai.Storage;
using Microsoft.Extensions.Options;
using Xunit;

namespace Informer.Ai.Memories;

public sealed class EmbeddedIndexTests : MemoryIndexBehaviour
{
    private readonly EmbeddedUnderTest _under;

    public EmbeddedIndexTests()
        : this(new EmbeddedUnderTest())
    {
    }

    private EmbeddedIndexTests(EmbeddedUnderTest under)
        : base(under) => _under = under;

    private static MemoryOwner Bob => Ann with { User = new("bob") };

    [Fact]
    public async Task Vectors_are_read_at_the_first_search_and_nobody_elses_are()
    {
        await Put(Ann, (1, 1, [1, 0, 0]));
        await Put(Bob, (2, 1, [1, 0, 0]));

        await Search(Ann, [1, 0, 0]);
        await Search(Ann, [0, 1, 0]);

        Assert.Equal([Ann], _under.Store.Read);
    }

    [Fact]
    public async Task Searches_at_once_read_once()
    {
        await Put(Ann, (1, 1, [1, 0, 0]));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Search(Ann, [1, 0, 0])));

        Assert.Equal([Ann], _under.Store.Read);
    }

    [Fact]
    public async Task What_was_not_used_for_the_longest_time_makes_room()
    {
        await using var small = new EmbeddedUnderTest(bytesMax: 3 * 1_100);
        MemoryOwner[] owners = [Ann, Bob, Ann with { Tenant = new("other") }];
        for (var at = 0; at < owners.Length; at++)
        {
            await small.Put(owners[at], "m", (at, 1, [1, 0, 0]));
        }

        var query = new IndexQuery(Embedding.Of("m", [1, 0, 0]), null, 9, -1);
        foreach (var owner in new[] { 0, 1, 0, 2, 0, 2, 1 })
        {
            Assert.Single(await small.Index.SearchAsync(owners[owner], query, default));
            Assert.True(((EmbeddedMemoryIndex)small.Index).Bytes <= 3 * 1_100);
        }

        Assert.Equal([owners[0], owners[1], owners[2]], small.Store.Read.Take(3));

        await using var tiny = new EmbeddedUnderTest(bytesMax: 2_200);
        for (var at = 0; at < owners.Length; at++)
        {
            await tiny.Put(owners[at], "m", (at, 1, [1, 0, 0]));
        }

        foreach (var owner in new[] { 0, 1, 0, 2, 0, 1 })
        {
            Assert.Single(await tiny.Index.SearchAsync(owners[owner], query, default));
            Assert.True(((EmbeddedMemoryIndex)tiny.Index).Bytes <= 2_200);
        }

        // The first was used again before the third came, so that the second had to go.
        Assert.Equal([owners[0], owners[1], owners[2], owners[1]], tiny.Store.Read);
    }

    [Fact]
    public async Task What_changes_while_it_is_being_read_is_read_again()
    {
        await Put(Ann, (1, 1, [1, 0, 0]));
        var reading = _under.Store.HoldNext();
        var before = Search(Ann, [1, 0, 0]);
        await reading.Begun;

        await Put(Ann, (2, 1, [1, 0, 0]));
        var after = Search(Ann, [1, 0, 0]);
        reading.Release();

        await before;
        Assert.Equal(2, (await after).Count);
        Assert.Equal(2, (await Search(Ann, [1, 0, 0])).Count);
    }

    [Fact]
    public async Task What_another_process_may_have_changed_is_forgotten()
    {
        await Put(Ann, (1, 1, [1, 0, 0]));
        await Search(Ann, [1, 0, 0]);
        await _under.Storage.ExecuteAsync("DELETE FROM memory");

        ((EmbeddedMemoryIndex)_under.Index).Forget(Ann);

        Assert.Empty(await Search(Ann, [1, 0, 0]));
    }

    [Fact]
    public async Task A_reading_that_failed_is_tried_again()
    {
        await Put(Ann, (1, 1, [1, 0, 0]));
        _under.Store.FailNext();

        await Assert.ThrowsAsync<TimeoutException>(() => Search(Ann, [1, 0, 0]));

        Assert.Single(await Search(Ann, [1, 0, 0]));
    }
}

/// <summary>The embedded index over an embedded database.</summary>
internal sealed class EmbeddedUnderTest : IIndexUnderTest
{
    public EmbeddedUnderTest(long bytesMax = 1 << 20)
    {
        Store = new WatchedMemoryStore(Storage.Memories);
        Index = new EmbeddedMemoryIndex(Store, Options.Create(new MemoryOptions { IndexBytesMax = bytesMax }));
    }

    public SqliteUnderTest Storage { get; } = new();

    public WatchedMemoryStore Store { get; }

    public IMemoryIndex Index { get; }

    public async Task Put(MemoryOwner owner, string model, params (int Number, int Chat, float[] Vector)[] memories)
    {
        foreach (var (number, chat, vector) in memories)
        {
            var key = new ChatKey(owner.Tenant, owner.User, new ChatId(new Guid(chat, 0, 0, new byte[8])));
            var memory = new Memory(
                new MemoryId(new Guid(500 + number, 0, 0, new byte[8])), key.Chat, "", MemoryReason.UserCreated, [], default, default);
            var embedding = Embedding.Of(model, vector);
            if (await Storage.Chats.FindAsync(key, default) is null)
            {
                var settings = new ChatSettings(
                    null, true, "m", "t", null, false, false, false, false, null, "small", null, null, [], [], [], null);
                await Storage.Chats.CreateAsync(key, new StoredChat(settings, 0, null, default, default), [], default);
            }

            await Storage.Memories.DeleteAsync(key, memory.Id, default);
            Assert.True(await Storage.Memories.AddAsync(owner, new StoredMemory(memory, 0, embedding), default));
            await Index.PutAsync(owner, embedding.Space, [new MemoryVector(memory.Id, key.Chat, embedding.Vector)], default);
        }
    }

    public async Task Remove(MemoryOwner owner, string model, int dimension, MemoryId id)
    {
        await Storage.ExecuteAsync($"DELETE FROM memory WHERE id = '{id}'");
        await Index.RemoveAsync(owner, new EmbeddingSpace(model, dimension), [id], default);
    }

    public async Task Clear(MemoryOwner owner, string model, int dimension, ChatId? chat)
    {
        await Storage.ExecuteAsync(chat is null ? "DELETE FROM memory" : $"DELETE FROM memory WHERE chat_id = '{chat}'");
        await Index.ClearAsync(owner, new EmbeddingSpace(model, dimension), chat, default);
    }

    public ValueTask DisposeAsync() => Storage.DisposeAsync();
}
