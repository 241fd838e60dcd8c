using Informer.Ai.Credits;
using Npgsql;
using NpgsqlTypes;

namespace Informer.Ai.Storage.Postgres;

/// <summary>Gives <see cref="LedgerSql.Commit"/> its parameters, in the order of their numbers.</summary>
internal static class LedgerCommit
{
    public static void Bind(NpgsqlCommand command, LedgerBatch batch)
    {
        Fence(command, batch);
        Entries(command, batch);
        Holds(command, batch);
        Events(command, batch.Events);
        Rollups(command, batch.Rollups);
        Budgets(command, batch.Budgets);
        command.Number(batch.Extended.Count + batch.Closed.Count);
    }

    private static void Fence(NpgsqlCommand command, LedgerBatch batch)
    {
        var (granted, held, settled) = (0L, 0L, 0L);
        foreach (var entry in batch.Entries)
        {
            (granted, held, settled) = (granted + entry.Granted, held + entry.Held, settled + entry.Settled);
        }

        command
            .Text(batch.Tenant.Value)
            .Number(batch.Epoch)
            .Number(batch.Entries.Count)
            .Number(batch.Entries.Count == 0 ? null : batch.Entries[0].Seq - 1)
            .Number(granted)
            .Number(held)
            .Number(settled)
            .With(NpgsqlDbType.Integer, batch.Policy?.SlushPermille)
            .With(NpgsqlDbType.Boolean, batch.Policy?.PayAsYouGo)
            .Number(batch.Policy?.OverageRate);
    }

    private static void Entries(NpgsqlCommand command, LedgerBatch batch)
    {
        var rows = batch.Entries;
        var taken = batch.Taken();
        command
            .Column(NpgsqlDbType.Bigint, rows, row => row.Seq)
            .Column(NpgsqlDbType.Text, rows, row => LedgerNames.Of(row.Kind))
            .Column(NpgsqlDbType.Uuid, rows, row => row.Hold?.Value)
            .Column(NpgsqlDbType.Text, rows, row => row.Key)
            .Column(NpgsqlDbType.Bigint, rows, row => row.Granted)
            .Column(NpgsqlDbType.Bigint, rows, row => row.Held)
            .Column(NpgsqlDbType.Bigint, rows, row => row.Settled)
            .Column(NpgsqlDbType.Date, rows, row => row.Day)
            .Column(NpgsqlDbType.Text, rows, row => row.Actor?.Value)
            .Column(NpgsqlDbType.Text, rows, row => row.Entity?.Type)
            .Column(NpgsqlDbType.Text, rows, row => row.Entity?.Id)
            .Column(NpgsqlDbType.Text, rows, row => row.Reason)
            .Column(NpgsqlDbType.Text, rows, row => row.OriginOf(taken) is { } origin ? StoredJson.Of(origin) : null);
    }

    private static void Holds(NpgsqlCommand command, LedgerBatch batch)
    {
        var rows = new Dictionary<HoldId, long>(batch.Opened.Count);
        if (batch.Opened.Count > 0)
        {
            foreach (var entry in batch.Entries)
            {
                if (entry.Kind == EntryKind.Hold)
                {
                    rows.Add(entry.Hold!.Value, entry.Seq);
                }
            }
        }

        command
            .Column(NpgsqlDbType.Uuid, batch.Opened, hold => hold.Id.Value)
            .Column(NpgsqlDbType.Bigint, batch.Opened, hold => rows[hold.Id])
            .Column(NpgsqlDbType.Bigint, batch.Opened, hold => hold.Amount)
            .Column(NpgsqlDbType.Uuid, batch.Extended, extended => extended.Hold.Value)
            .Column(NpgsqlDbType.Bigint, batch.Extended, extended => extended.Amount)
            .Column(NpgsqlDbType.Uuid, batch.Closed, hold => hold.Value);
    }

    private static void Events(NpgsqlCommand command, IReadOnlyList<UsageEvent> events) => command
        .Column(NpgsqlDbType.Bigint, events, used => used.Seq)
        .Column(NpgsqlDbType.Uuid, events, used => used.Hold.Id.Value)
        .Column(NpgsqlDbType.Text, events, used => LedgerNames.Of(used.Kind))
        .Column(NpgsqlDbType.Date, events, used => used.Hold.Day)
        .Column(NpgsqlDbType.Text, events, used => used.Hold.Actor.Value)
        .Column(NpgsqlDbType.Text, events, used => used.Hold.Entity?.Type)
        .Column(NpgsqlDbType.Text, events, used => used.Hold.Entity?.Id)
        .Column(NpgsqlDbType.Boolean, events, used => used.Hold.Byok)
        .Column(NpgsqlDbType.Bigint, events, used => used.Hold.Amount)
        .Column(NpgsqlDbType.Bigint, events, used => used.Hold.Cap)
        .Column(NpgsqlDbType.Integer, events, used => (int)used.Hold.Gates)
        .Column(NpgsqlDbType.Text, events, used => used.Hold.Operation.ResourceType)
        .Column(NpgsqlDbType.Text, events, used => used.ModelId)
        .Column(NpgsqlDbType.Text, events, used => used.Hold.Operation.ModelId)
        .Column(NpgsqlDbType.Text, events, used => used.ProviderId)
        .Column(NpgsqlDbType.Text, events, used => used.PriceVersion)
        .Column(NpgsqlDbType.Text, events, used => used.Hold.Operation.ChatId)
        .Column(NpgsqlDbType.Uuid, events, used => used.Hold.Operation.Parent?.Value)
        .Column(NpgsqlDbType.Bigint, events, used => used.Usage.Input)
        .Column(NpgsqlDbType.Bigint, events, used => used.Usage.Output)
        .Column(NpgsqlDbType.Bigint, events, used => used.Usage.CacheRead)
        .Column(NpgsqlDbType.Bigint, events, used => used.Usage.CacheWriteShort)
        .Column(NpgsqlDbType.Bigint, events, used => used.Usage.CacheWriteLong)
        .Column(NpgsqlDbType.Bigint, events, used => used.Usage.Reasoning)
        .Column(NpgsqlDbType.Bigint, events, used => used.Usage.Images)
        .Column(NpgsqlDbType.Text, events, used => used.RawUsage)
        .Column(NpgsqlDbType.Bigint, events, used => used.Charged)
        .Column(NpgsqlDbType.Boolean, events, used => used.Estimated)
        .Column(NpgsqlDbType.Text, events, used => used.FinishReason);

    private static void Rollups(NpgsqlCommand command, IReadOnlyList<UsageRollup> rollups) => command
        .Column(NpgsqlDbType.Text, rollups, rollup => LedgerNames.Of(rollup.Dimension))
        .Column(NpgsqlDbType.Text, rollups, rollup => rollup.Key)
        .Column(NpgsqlDbType.Date, rollups, rollup => rollup.Day)
        .Column(NpgsqlDbType.Text, rollups, rollup => rollup.ResourceType)
        .Column(NpgsqlDbType.Bigint, rollups, rollup => rollup.Charged)
        .Column(NpgsqlDbType.Bigint, rollups, rollup => rollup.Events)
        .Column(NpgsqlDbType.Bigint, rollups, rollup => rollup.Tokens);

    private static void Budgets(NpgsqlCommand command, IReadOnlyList<EntityBudget> budgets) => command
        .Column(NpgsqlDbType.Text, budgets, budget => budget.Entity.Type)
        .Column(NpgsqlDbType.Text, budgets, budget => budget.Entity.Id)
        .Column(NpgsqlDbType.Bigint, budgets, budget => budget.MicroCredits);
}
