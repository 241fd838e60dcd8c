using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>Running turns' checkpoints in the embedded database.</summary>
public sealed class SqliteCheckpointStore(SqliteDatabase database, TimeProvider time) : ICheckpointStore
{
    public Task WriteAsync(IReadOnlyList<TurnCheckpoint> checkpoints, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                var now = time.GetUtcNow().ToMicroseconds();
                foreach (var checkpoint in checkpoints)
                {
                    Write(session, checkpoint, now);
                }
            },
            cancellation);

    public Task<TurnCheckpoint?> FindAsync(TenantId tenant, HoldId hold, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query(
                CheckpointSql.Find,
                row => new TurnCheckpoint(
                    tenant,
                    hold,
                    row.IdOrNull(0) is { } chat ? new ChatId(chat) : null,
                    row.GetString(1),
                    row.Usage(3),
                    row.GetInt64(2)),
                ("@tenant", tenant.Value),
                ("@hold", hold.Value.ToColumn())).SingleOrDefault(),
            cancellation);

    public Task DropUnheldAsync(TimeSpan age, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                session.Execute(CheckpointSql.DropUnheld, ("@before", (time.GetUtcNow() - age).ToMicroseconds()));
            },
            cancellation);

    private static void Write(SqliteSession session, TurnCheckpoint checkpoint, long now) =>
        session.Execute(
            CheckpointSql.Write,
            ("@tenant", checkpoint.Tenant.Value),
            ("@hold", checkpoint.Hold.Value.ToColumn()),
            ("@chat", checkpoint.Chat?.Value.ToColumn()),
            ("@parts", checkpoint.Parts),
            ("@input", checkpoint.Usage.Input),
            ("@output", checkpoint.Usage.Output),
            ("@cacheRead", checkpoint.Usage.CacheRead),
            ("@cacheWriteShort", checkpoint.Usage.CacheWriteShort),
            ("@cacheWriteLong", checkpoint.Usage.CacheWriteLong),
            ("@reasoning", checkpoint.Usage.Reasoning),
            ("@images", checkpoint.Usage.Images),
            ("@cost", checkpoint.CostMicroCredits),
            ("@now", now));
}
