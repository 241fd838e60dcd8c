using Informer.Ai.Chats;
using Informer.Ai.Memories;
using Informer.Ai.Tenancy;
using Npgsql;
using static Informer.Ai.Storage.Postgres.PostgresValues;

namespace Informer.Ai.Storage.Postgres;

/// <summary>Memories in Postgres.</summary>
public sealed class PostgresMemoryStore(PostgresDatabase database) : IMemoryStore
{
    public async Task<bool> AddAsync(MemoryOwner owner, StoredMemory memory, CancellationToken cancellation)
    {
        try
        {
            return await database.Source.ExecuteAsync(
                MemorySql.Add,
                [
                    .. Columns(owner),
                    Id("id", memory.Memory.Id.Value),
                    Id("chat", memory.Memory.Chat.Value),
                    Text("summary", memory.Memory.Summary),
                    Text("reason", memory.Memory.Reason),
                    Text("messages", StoredJson.Of([.. memory.Memory.MessageIds.Select(id => id.ToString())])),
                    Number("through", memory.ThroughOrdinal),
                    .. Columns(memory.Embedding),
                    Moment("createdAt", memory.Memory.CreatedAt),
                    Moment("updatedAt", memory.Memory.UpdatedAt),
                ],
                cancellation) == 1;
        }
        catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            // The chat went between the look at it and the row.
            return false;
        }
    }

    public async Task<bool> ChangeAsync(
        ChatKey key, MemoryId id, string summary, Embedding? embedding, DateTimeOffset updatedAt, CancellationToken cancellation) =>
        await database.Source.ExecuteAsync(
            MemorySql.Change,
            [.. Columns(key, id), Text("summary", summary), .. Columns(embedding), Moment("updatedAt", updatedAt)],
            cancellation) == 1;

    public async Task<bool> EmbedAsync(
        MemoryOwner owner, MemoryId id, string summary, Embedding embedding, CancellationToken cancellation) =>
        await database.Source.ExecuteAsync(
            MemorySql.Embed,
            [.. Columns(owner), Id("id", id.Value), Text("summary", summary), .. Columns(embedding)],
            cancellation) == 1;

    public async Task<bool> DeleteAsync(ChatKey key, MemoryId id, CancellationToken cancellation) =>
        await database.Source.ExecuteAsync(MemorySql.Delete, Columns(key, id), cancellation) == 1;

    public Task<int> DeleteAllAsync(ChatKey key, CancellationToken cancellation) =>
        database.Source.ExecuteAsync(MemorySql.DeleteAll, Columns(key), cancellation);

    public async Task<Memory?> FindAsync(ChatKey key, MemoryId id, CancellationToken cancellation) =>
        (await database.Source.QueryAsync(MemorySql.Find, Columns(key, id), ToMemory, cancellation)).SingleOrDefault();

    public async Task<IReadOnlyList<Memory>> FindAsync(
        MemoryOwner owner, IReadOnlyCollection<MemoryId> ids, CancellationToken cancellation) =>
        await database.Source.QueryAsync(
            MemorySql.FindMany, [.. Columns(owner), Ids("ids", ids.Select(id => (Guid?)id.Value))], ToMemory, cancellation);

    /// <summary>What changes between the count and the page is in one and not in the other, as between two pages.</summary>
    public async Task<MemoryPage> ListAsync(ChatKey key, int start, int limit, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(MemorySql.Count, Columns(key))
            .Add(MemorySql.List, [.. Columns(key), Number("start", start), Number("limit", limit)]);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var total = (await reader.RowsAsync(row => row.GetInt64(0), cancellation)).Single();
        await reader.NextResultAsync(cancellation);
        return new MemoryPage((int)total, [.. await reader.RowsAsync(ToMemory, cancellation)]);
    }

    public async Task<bool> AnyAsync(MemoryOwner owner, CancellationToken cancellation) =>
        (await database.Source.QueryAsync(MemorySql.Any, Columns(owner), row => row.GetInt64(0), cancellation)).Single() > 0;

    public async Task<IReadOnlyList<MemoryVector>> VectorsAsync(
        MemoryOwner owner, EmbeddingSpace space, CancellationToken cancellation) =>
        await database.Source.QueryAsync(
            MemorySql.Vectors,
            [.. Columns(owner), .. Columns(space)],
            row => new MemoryVector(
                new MemoryId(row.GetGuid(0)), new ChatId(row.GetGuid(1)), StoredVector.ToVector(row.GetFieldValue<byte[]>(2))),
            cancellation);

    public async Task<IReadOnlyList<EmbeddingSpace>> SpacesAsync(MemoryOwner owner, CancellationToken cancellation) =>
        await database.Source.QueryAsync(
            MemorySql.Spaces, Columns(owner), row => new EmbeddingSpace(row.GetString(0), (int)row.GetInt64(1)), cancellation);

    public async Task<IReadOnlyList<Memory>> WithoutAsync(
        MemoryOwner owner, EmbeddingSpace space, MemoryId after, int limit, CancellationToken cancellation) =>
        await database.Source.QueryAsync(
            MemorySql.Without,
            [.. Columns(owner), .. Columns(space), Id("after", after.Value), Number("limit", limit)],
            ToMemory,
            cancellation);

    public async Task<IReadOnlyList<StoredMessage>> UnsummedAsync(
        ChatKey key, long before, int limit, CancellationToken cancellation) =>
        await database.Source.QueryAsync(
            MemorySql.Unsummed,
            [.. Columns(key), Number("before", before), Number("limit", limit)],
            PostgresChatStore.ToMessage,
            cancellation);

    public async Task<IReadOnlyList<MemoryOwner>> OwnersAsync(TenantId? tenant, CancellationToken cancellation) =>
        await database.Source.QueryAsync(
            MemorySql.Owners,
            [Text("tenant", tenant?.Value)],
            row => new MemoryOwner(new TenantId(row.GetString(0)), new UserId(row.GetString(1))),
            cancellation);

    private static NpgsqlParameter[] Columns(MemoryOwner owner) =>
        [Text("tenant", owner.Tenant.Value), Text("user", owner.User.Value)];

    private static NpgsqlParameter[] Columns(ChatKey key) =>
        [Text("tenant", key.Tenant.Value), Text("user", key.User.Value), Id("chat", key.Chat.Value)];

    private static NpgsqlParameter[] Columns(ChatKey key, MemoryId id) => [.. Columns(key), Id("id", id.Value)];

    private static NpgsqlParameter[] Columns(EmbeddingSpace? space) =>
        [Text("model", space?.Model), Number("dimension", space?.Dimension)];

    private static NpgsqlParameter[] Columns(Embedding? embedding) =>
        [Bytes("embedding", embedding.ToColumn()), .. Columns(embedding?.Space)];

    private static Memory ToMemory(NpgsqlDataReader row) => new(
        new MemoryId(row.GetGuid(0)),
        new ChatId(row.GetGuid(1)),
        row.GetString(2),
        row.GetString(3),
        [.. StoredJson.ToTexts(row.GetString(4)).Select(id => new MessageId(Guid.ParseExact(id, "N")))],
        row.Moment(5),
        row.Moment(6));
}
