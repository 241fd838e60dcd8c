using System.Data.Common;
using Informer.Ai.Chats;
using Informer.Ai.Storage;
using Informer.Ai.Tenancy;
using Xunit;

namespace Informer.Ai.Memories;

/// <summary>What every store of memories does.</summary>
public abstract class MemoryStoreBehaviour(IStorageUnderTest storage) : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new DateTimeOffset(2026, 5, 20, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(7);
    private static readonly ChatKey Mine = Key(1);
    private static readonly MemoryOwner Me = new(Mine.Tenant, Mine.User);
    private static readonly Embedding East = Embedding.Of("managed/small", [1, 0, 0]);
    private static readonly Embedding North = Embedding.Of("managed/small", [0, 3, 4]);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return storage.DisposeAsync();
    }

    [Fact]
    public async Task A_memory_comes_back_as_it_was_made_also_after_a_restart()
    {
        await AddChat(Mine);
        Assert.True(await storage.Memories.AddAsync(Me, Made(1), default));
        Assert.True(await storage.Memories.AddAsync(Me, Made(2) with { Embedding = null }, default));

        await storage.ReopenAsync();

        AssertEqual(Made(1).Memory, await storage.Memories.FindAsync(Mine, Named(1), default));
        AssertEqual(Made(2).Memory, await storage.Memories.FindAsync(Mine, Named(2), default));
        var vector = Assert.Single(await storage.Memories.VectorsAsync(Me, North.Space, default));
        Assert.Equal((Named(1), Mine.Chat), (vector.Id, vector.Chat));
        Assert.Equal(North.Vector.ToArray(), vector.Vector.ToArray());
        Assert.Equal([North.Space], await storage.Memories.SpacesAsync(Me, default));
    }

    [Fact]
    public async Task A_memory_of_a_chat_that_is_gone_is_not_added()
    {
        Assert.False(await storage.Memories.AddAsync(Me, Made(1), default));

        Assert.Equal(0, await storage.NumberAsync("SELECT count(*) FROM memory"));
        Assert.False(await storage.Memories.AnyAsync(Me, default));
    }

    [Fact]
    public async Task A_deleted_chat_takes_its_memories_and_vectors_with_it_and_no_other()
    {
        await AddChat(Mine);
        await AddChat(Key(2));
        await storage.Memories.AddAsync(Me, Made(1), default);
        await storage.Memories.AddAsync(Me, Made(2) with { Memory = Made(2).Memory with { Chat = Key(2).Chat } }, default);

        await storage.Chats.DeleteAsync(Mine, default);

        Assert.Null(await storage.Memories.FindAsync(Mine, Named(1), default));
        Assert.Equal(Named(2), Assert.Single(await storage.Memories.VectorsAsync(Me, North.Space, default)).Id);
        Assert.Equal(1, await storage.NumberAsync("SELECT count(*) FROM memory"));
    }

    [Fact]
    public async Task Nothing_of_a_memory_is_reached_by_another_user_tenant_or_chat()
    {
        await AddChat(Mine);
        await storage.Memories.AddAsync(Me, Made(1), default);

        foreach (var other in new[] { Mine with { User = new("bob") }, Mine with { Tenant = new("other") }, Key(2) })
        {
            var owner = new MemoryOwner(other.Tenant, other.User);
            await AddChat(other);
            Assert.Null(await storage.Memories.FindAsync(other, Named(1), default));
            Assert.False(await storage.Memories.ChangeAsync(other, Named(1), "stolen", East, Noon, default));
            Assert.False(await storage.Memories.DeleteAsync(other, Named(1), default));
            Assert.Equal(0, await storage.Memories.DeleteAllAsync(other, default));
            Assert.Equal(0, (await storage.Memories.ListAsync(other, 0, 10, default)).Total);
            if (owner != Me)
            {
                Assert.Empty(await storage.Memories.FindAsync(owner, [Named(1)], default));
                Assert.False(await storage.Memories.EmbedAsync(owner, Named(1), Made(1).Memory.Summary, East, default));
                Assert.Empty(await storage.Memories.VectorsAsync(owner, North.Space, default));
                Assert.Empty(await storage.Memories.SpacesAsync(owner, default));
                Assert.Empty(await storage.Memories.WithoutAsync(owner, East.Space with { Model = "new" }, default, 9, default));
                Assert.False(await storage.Memories.AnyAsync(owner, default));
            }
        }

        AssertEqual(Made(1).Memory, await storage.Memories.FindAsync(Mine, Named(1), default));
        Assert.Single(await storage.Memories.VectorsAsync(Me, North.Space, default));
    }

    [Fact]
    public async Task A_changed_summary_has_a_new_vector_or_none()
    {
        await AddChat(Mine);
        await storage.Memories.AddAsync(Me, Made(1), default);

        Assert.True(await storage.Memories.ChangeAsync(Mine, Named(1), "Other", East, Noon.AddHours(1), default));
        Assert.Equal(East.Vector.ToArray(), Assert.Single(await storage.Memories.VectorsAsync(Me, East.Space, default)).Vector.ToArray());
        Assert.True(await storage.Memories.ChangeAsync(Mine, Named(1), "None", null, Noon.AddHours(2), default));

        AssertEqual(
            Made(1).Memory with { Summary = "None", UpdatedAt = Noon.AddHours(2) },
            await storage.Memories.FindAsync(Mine, Named(1), default));
        Assert.Empty(await storage.Memories.VectorsAsync(Me, East.Space, default));
    }

    [Fact]
    public async Task A_vector_that_comes_late_does_not_replace_that_of_a_newer_summary()
    {
        await AddChat(Mine);
        await storage.Memories.AddAsync(Me, Made(1), default);
        await storage.Memories.ChangeAsync(Mine, Named(1), "Newer", North, Noon, default);

        Assert.False(await storage.Memories.EmbedAsync(Me, Named(1), Made(1).Memory.Summary, East, default));
        Assert.Equal(North.Vector.ToArray(), Assert.Single(await storage.Memories.VectorsAsync(Me, North.Space, default)).Vector.ToArray());
        Assert.True(await storage.Memories.EmbedAsync(Me, Named(1), "Newer", East, default));
        Assert.Equal(East.Vector.ToArray(), Assert.Single(await storage.Memories.VectorsAsync(Me, East.Space, default)).Vector.ToArray());
    }

    [Fact]
    public async Task Memories_are_listed_oldest_first_in_pages()
    {
        await AddChat(Mine);
        foreach (var number in new[] { 3, 1, 2 })
        {
            var made = Made(number);
            await storage.Memories.AddAsync(Me, made with { Memory = made.Memory with { CreatedAt = Noon.AddHours(number) } }, default);
        }

        var page = await storage.Memories.ListAsync(Mine, 1, 5, default);

        Assert.Equal(3, page.Total);
        Assert.Equal([Named(2), Named(3)], page.Memories.Select(memory => memory.Id));
        Assert.Equal([Named(1), Named(3)], (await storage.Memories.FindAsync(Me, [Named(3), Named(1), Named(9)], default))
            .Select(memory => memory.Id).OrderBy(id => id.ToString(), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Memories_without_a_vector_of_a_space_are_found_by_their_ids()
    {
        await AddChat(Mine);
        await storage.Memories.AddAsync(Me, Made(1), default);
        await storage.Memories.AddAsync(Me, Made(2) with { Embedding = null }, default);
        await storage.Memories.AddAsync(Me, Made(3) with { Embedding = Embedding.Of("managed/large", [1, 0, 0]) }, default);
        await storage.Memories.AddAsync(Me, Made(4) with { Embedding = Embedding.Of("managed/small", [1, 0]) }, default);

        async Task<IEnumerable<MemoryId>> Without(MemoryId after, int limit) =>
            (await storage.Memories.WithoutAsync(Me, North.Space, after, limit, default)).Select(memory => memory.Id);

        Assert.Equal([Named(2), Named(3)], await Without(default, 2));
        Assert.Equal([Named(4)], await Without(Named(3), 2));
    }

    [Fact]
    public async Task Messages_that_no_memory_sums_up_are_found_from_the_oldest()
    {
        await AddChat(Mine, messages: 10);
        async Task<IEnumerable<long>> Unsummed(long before = long.MaxValue, int limit = 100) =>
            (await storage.Memories.UnsummedAsync(Mine, before, limit, default)).Select(message => message.Ordinal);

        Assert.Equal(Ordinals(0, 10), await Unsummed());
        await storage.Memories.AddAsync(Me, Of(1, MemoryReason.UserCreated, 2, 5), default);
        Assert.Equal([0, 1, 3, 4, 6, 7, 8, 9], await Unsummed());
        await storage.Memories.AddAsync(Me, Of(2, MemoryReason.LengthThreshold, 0, 1, 3), default);

        Assert.Equal([4, 6, 7, 8, 9], await Unsummed());
        Assert.Equal([4, 6], await Unsummed(before: 7));
        Assert.Equal([4, 6, 7], await Unsummed(limit: 3));
        Assert.Empty(await storage.Memories.UnsummedAsync(Mine with { User = new("bob") }, long.MaxValue, 9, default));
    }

    [Fact]
    public async Task Owners_are_named_once_for_a_tenant_or_for_all()
    {
        var other = Mine with { Tenant = new("other") };
        await AddChat(Mine);
        await AddChat(other);
        await storage.Memories.AddAsync(Me, Made(1), default);
        await storage.Memories.AddAsync(Me, Made(2), default);
        await storage.Memories.AddAsync(new MemoryOwner(other.Tenant, other.User), Made(1), default);

        Assert.Equal(2, (await storage.Memories.OwnersAsync(null, default)).Count);
        Assert.Equal([Me], await storage.Memories.OwnersAsync(Me.Tenant, default));
    }

    [Theory]
    [InlineData("reason = 'because'")]
    [InlineData("embedding_model = NULL")]
    [InlineData("embedding_dimension = 4")]
    public async Task A_memory_that_makes_no_sense_is_refused(string change)
    {
        await AddChat(Mine);
        await storage.Memories.AddAsync(Me, Made(1), default);

        await Assert.ThrowsAnyAsync<DbException>(() => storage.ExecuteAsync($"UPDATE memory SET {change}"));
    }

    private static IEnumerable<long> Ordinals(int start, int count) => Enumerable.Range(start, count).Select(ordinal => (long)ordinal);

    private static ChatKey Key(int number) => new(new TenantId("acme"), new UserId("ann"), new ChatId(Id(number)));

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static MemoryId Named(int number) => new(Id(500 + number));

    private static StoredMemory Made(int number) => Of(number, MemoryReason.TopicChange, 0, 1);

    private static StoredMemory Of(int number, string reason, params int[] ordinals) => new(
        new Memory(
            Named(number), Mine.Chat, $"Summary {number} 🎈", reason, [.. ordinals.Select(ordinal => new MessageId(Id(100 + ordinal)))],
            Noon, Noon.AddSeconds(number)),
        ordinals[^1],
        North);

    private Task AddChat(ChatKey key, int messages = 0) => storage.Chats.CreateAsync(
        key,
        new StoredChat(
            new ChatSettings(
                null, true, "gpt-5", "fast", null, false, false, false, false, null, "small", null, null, [], [], [], null),
            messages, null, Noon, Noon),
        [
            .. Enumerable.Range(0, messages).Select(ordinal => new StoredMessage(
                new ChatMessage(new MessageId(Id(100 + ordinal)), null, "user", "[]", null, null, Noon, Noon), ordinal, 10)),
        ],
        default);

    /// <summary>Records compare immutable arrays by reference, so those are compared by themselves.</summary>
    private static void AssertEqual(Memory expected, Memory? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.MessageIds, actual.MessageIds);
        Assert.Equal(expected with { MessageIds = default }, actual with { MessageIds = default });
    }
}
