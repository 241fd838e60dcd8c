using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using Npgsql;
using static Informer.Ai.Storage.Postgres.PostgresValues;

namespace Informer.Ai.Storage.Postgres;

/// <summary>Running turns' checkpoints in Postgres, dated by its clock.</summary>
public sealed class PostgresCheckpointStore(PostgresDatabase database) : ICheckpointStore
{
    public Task WriteAsync(IReadOnlyList<TurnCheckpoint> checkpoints, CancellationToken cancellation)
    {
        // One statement cannot write a row twice.
        var latest = checkpoints.GroupBy(checkpoint => (checkpoint.Tenant, checkpoint.Hold))
            .Select(ofOneTurn => ofOneTurn.Last())
            .ToList();
        return database.Source.ExecuteAsync(
            CheckpointSql.Write,
            [
                Texts("tenants", latest.Select(checkpoint => checkpoint.Tenant.Value)),
                Ids("holds", latest.Select(checkpoint => (Guid?)checkpoint.Hold.Value)),
                Ids("chats", latest.Select(checkpoint => checkpoint.Chat?.Value)),
                Texts("parts", latest.Select(checkpoint => checkpoint.Parts)),
                Numbers("input", latest.Select(checkpoint => checkpoint.Usage.Input)),
                Numbers("output", latest.Select(checkpoint => checkpoint.Usage.Output)),
                Numbers("cacheRead", latest.Select(checkpoint => checkpoint.Usage.CacheRead)),
                Numbers("cacheWriteShort", latest.Select(checkpoint => checkpoint.Usage.CacheWriteShort)),
                Numbers("cacheWriteLong", latest.Select(checkpoint => checkpoint.Usage.CacheWriteLong)),
                Numbers("reasoning", latest.Select(checkpoint => checkpoint.Usage.Reasoning)),
                Numbers("images", latest.Select(checkpoint => checkpoint.Usage.Images)),
                Numbers("cost", latest.Select(checkpoint => checkpoint.CostMicroCredits)),
            ],
            cancellation);
    }

    public async Task<TurnCheckpoint?> FindAsync(TenantId tenant, HoldId hold, CancellationToken cancellation) =>
        (await database.Source.QueryAsync(
            CheckpointSql.Find,
            [Text("tenant", tenant.Value), Id("hold", hold.Value)],
            row => new TurnCheckpoint(
                tenant,
                hold,
                row.IdOrNull(0) is { } chat ? new ChatId(chat) : null,
                row.GetString(1),
                row.Usage(3),
                row.GetInt64(2)),
            cancellation)).SingleOrDefault();

    public Task DropUnheldAsync(TimeSpan age, CancellationToken cancellation) =>
        database.Source.ExecuteAsync(
            CheckpointSql.DropUnheld, [new NpgsqlParameter<TimeSpan>("age", age)], cancellation);
}
