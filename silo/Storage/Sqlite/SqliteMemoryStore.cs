using Informer.Ai.Chats;
using Informer.Ai.Memories;
using Informer.Ai.Tenancy;
using Microsoft.Data.Sqlite;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>Memories in the embedded database.</summary>
public sealed class SqliteMemoryStore(SqliteDatabase database) : IMemoryStore
{
    public Task<bool> AddAsync(MemoryOwner owner, StoredMemory memory, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                MemorySql.Add,
                ("@tenant", owner.Tenant.Value),
                ("@user", owner.User.Value),
                ("@id", memory.Memory.Id.Value.ToColumn()),
                ("@chat", memory.Memory.Chat.Value.ToColumn()),
                ("@summary", memory.Memory.Summary),
                ("@reason", memory.Memory.Reason),
                ("@messages", StoredJson.Of([.. memory.Memory.MessageIds.Select(id => id.ToString())])),
                ("@through", memory.ThroughOrdinal),
                ("@embedding", memory.Embedding.ToColumn()),
                ("@model", memory.Embedding?.Space.Model),
                ("@dimension", (long?)memory.Embedding?.Space.Dimension),
                ("@createdAt", memory.Memory.CreatedAt.ToMicroseconds()),
                ("@updatedAt", memory.Memory.UpdatedAt.ToMicroseconds())) == 1,
            cancellation);

    public Task<bool> ChangeAsync(
        ChatKey key, MemoryId id, string summary, Embedding? embedding, DateTimeOffset updatedAt, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                MemorySql.Change,
                ("@tenant", key.Tenant.Value),
                ("@user", key.User.Value),
                ("@chat", key.Chat.Value.ToColumn()),
                ("@id", id.Value.ToColumn()),
                ("@summary", summary),
                ("@embedding", embedding.ToColumn()),
                ("@model", embedding?.Space.Model),
                ("@dimension", (long?)embedding?.Space.Dimension),
                ("@updatedAt", updatedAt.ToMicroseconds())) == 1,
            cancellation);

    public Task<bool> EmbedAsync(
        MemoryOwner owner, MemoryId id, string summary, Embedding embedding, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                MemorySql.Embed,
                ("@tenant", owner.Tenant.Value),
                ("@user", owner.User.Value),
                ("@id", id.Value.ToColumn()),
                ("@summary", summary),
                ("@embedding", embedding.ToColumn()),
                ("@model", embedding.Space.Model),
                ("@dimension", (long)embedding.Space.Dimension)) == 1,
            cancellation);

    public Task<bool> DeleteAsync(ChatKey key, MemoryId id, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                MemorySql.Delete,
                ("@tenant", key.Tenant.Value),
                ("@user", key.User.Value),
                ("@chat", key.Chat.Value.ToColumn()),
                ("@id", id.Value.ToColumn())) == 1,
            cancellation);

    public Task<int> DeleteAllAsync(ChatKey key, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                MemorySql.DeleteAll,
                ("@tenant", key.Tenant.Value),
                ("@user", key.User.Value),
                ("@chat", key.Chat.Value.ToColumn())),
            cancellation);

    public Task<Memory?> FindAsync(ChatKey key, MemoryId id, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query(
                MemorySql.Find,
                ToMemory,
                ("@tenant", key.Tenant.Value),
                ("@user", key.User.Value),
                ("@chat", key.Chat.Value.ToColumn()),
                ("@id", id.Value.ToColumn())).SingleOrDefault(),
            cancellation);

    public Task<IReadOnlyList<Memory>> FindAsync(
        MemoryOwner owner, IReadOnlyCollection<MemoryId> ids, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<Memory>>(
            session => session.Query(
                MemorySql.FindMany,
                ToMemory,
                ("@tenant", owner.Tenant.Value),
                ("@user", owner.User.Value),
                ("@ids", StoredJson.Of([.. ids.Select(id => id.Value.ToColumn())]))),
            cancellation);

    public Task<MemoryPage> ListAsync(ChatKey key, int start, int limit, CancellationToken cancellation) =>
        database.ReadAsync(
            session =>
            {
                var (tenant, user, chat) = (key.Tenant.Value, key.User.Value, key.Chat.Value.ToColumn());
                var total = session.Number(MemorySql.Count, ("@tenant", tenant), ("@user", user), ("@chat", chat));
                var memories = session.Query(
                    MemorySql.List,
                    ToMemory,
                    ("@tenant", tenant),
                    ("@user", user),
                    ("@chat", chat),
                    ("@start", (long)start),
                    ("@limit", (long)limit));
                return new MemoryPage((int)total, [.. memories]);
            },
            cancellation);

    public Task<bool> AnyAsync(MemoryOwner owner, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Number(MemorySql.Any, ("@tenant", owner.Tenant.Value), ("@user", owner.User.Value)) > 0,
            cancellation);

    public Task<IReadOnlyList<MemoryVector>> VectorsAsync(
        MemoryOwner owner, EmbeddingSpace space, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<MemoryVector>>(
            session => session.Query(
                MemorySql.Vectors,
                row => new MemoryVector(
                    new MemoryId(row.Id(0)), new ChatId(row.Id(1)), StoredVector.ToVector(row.GetFieldValue<byte[]>(2))),
                ("@tenant", owner.Tenant.Value),
                ("@user", owner.User.Value),
                ("@model", space.Model),
                ("@dimension", (long)space.Dimension)),
            cancellation);

    public Task<IReadOnlyList<EmbeddingSpace>> SpacesAsync(MemoryOwner owner, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<EmbeddingSpace>>(
            session => session.Query(
                MemorySql.Spaces,
                row => new EmbeddingSpace(row.GetString(0), row.GetInt32(1)),
                ("@tenant", owner.Tenant.Value),
                ("@user", owner.User.Value)),
            cancellation);

    public Task<IReadOnlyList<Memory>> WithoutAsync(
        MemoryOwner owner, EmbeddingSpace space, MemoryId after, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<Memory>>(
            session => session.Query(
                MemorySql.Without,
                ToMemory,
                ("@tenant", owner.Tenant.Value),
                ("@user", owner.User.Value),
                ("@model", space.Model),
                ("@dimension", (long)space.Dimension),
                ("@after", after.Value.ToColumn()),
                ("@limit", (long)limit)),
            cancellation);

    public Task<IReadOnlyList<StoredMessage>> UnsummedAsync(
        ChatKey key, long before, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<StoredMessage>>(
            session => session.Query(
                MemorySql.Unsummed,
                SqliteChatStore.ToMessage,
                ("@tenant", key.Tenant.Value),
                ("@user", key.User.Value),
                ("@chat", key.Chat.Value.ToColumn()),
                ("@before", before),
                ("@limit", (long)limit)),
            cancellation);

    public Task<IReadOnlyList<MemoryOwner>> OwnersAsync(TenantId? tenant, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<MemoryOwner>>(
            session => session.Query(
                MemorySql.Owners,
                row => new MemoryOwner(new TenantId(row.GetString(0)), new UserId(row.GetString(1))),
                ("@tenant", tenant?.Value)),
            cancellation);

    private static Memory ToMemory(SqliteDataReader row) => new(
        new MemoryId(row.Id(0)),
        new ChatId(row.Id(1)),
        row.GetString(2),
        row.GetString(3),
        [.. StoredJson.ToTexts(row.GetString(4)).Select(id => new MessageId(Guid.ParseExact(id, "N")))],
        row.Moment(5),
        row.Moment(6));
}
