namespace Informer.Ai.Books;

/// <summary>The ledger's own book: everything that the store knows of the tenant's credits, as of one moment.</summary>
/// <param name="Users">Ids by name.</param>
/// <param name="Budgets">Monthly budgets of entities in micro-credits; null is unlimited.</param>
internal sealed record LedgerBook(
    PoolRow Pool,
    IReadOnlyList<LedgerRow> Rows,
    IReadOnlyList<OpenHoldRow> OpenHolds,
    IReadOnlyList<UsageRow> Usage,
    IReadOnlyList<RollupRow> Rollups,
    IReadOnlyDictionary<string, string> Users,
    IReadOnlyDictionary<string, long?> Budgets)
{
    private IReadOnlyDictionary<string, HoldHistory>? _holds;

    /// <summary>Every hold with all of its rows, by id.</summary>
    public IReadOnlyDictionary<string, HoldHistory> Holds => _holds ??= Rows
        .Where(row => row.Hold is not null)
        .GroupBy(row => row.Hold!)
        .ToDictionary(rows => rows.Key, rows => new HoldHistory(rows.Key, [.. rows]));

    /// <summary>What was charged to an actor in the month that a day is of.</summary>
    public long ChargedTo(string actor, string month) =>
        Rows.Where(row => row.Actor == actor && row.Month == month).Sum(row => row.Settled);

    /// <summary>What was charged for an entity in a month.</summary>
    public long ChargedFor(string entity, string month) =>
        Rows.Where(row => row.Entity == entity && row.Month == month).Sum(row => row.Settled);
}

/// <summary>The totals and the owner.</summary>
internal sealed record PoolRow(
    long Epoch, long Seq, long Granted, long Held, long Settled, long SlushPermille, bool PayAsYouGo);

/// <param name="Entity">"type:id".</param>
/// <param name="Cap">Of a hold: the actor's cap in micro-credits; null is unlimited.</param>
internal sealed record LedgerRow(
    long Seq, long Epoch, string Kind, string? Hold, long Granted, long Held, long Settled, string Day, string? Actor,
    string? Entity, DateTimeOffset At, long? Cap)
{
    public string Month => Day[..7];
}

internal sealed record OpenHoldRow(string Hold, long Amount);

internal sealed record UsageRow(
    long Seq, string Hold, string Kind, string Day, string Actor, string? Entity, string Resource, string Model, long Input,
    long Output, long CacheRead, long TokensInAll, long Charged, bool Estimated, string FinishReason);

internal sealed record RollupRow(
    string Dimension, string Key, string Day, string Resource, long Charged, long Events, long Tokens);

/// <summary>One hold from its first row to its last.</summary>
internal sealed record HoldHistory(string Id, IReadOnlyList<LedgerRow> Rows)
{
    public LedgerRow Taken => Rows[0];

    /// <summary>The row that resolved it; null while it is open.</summary>
    public LedgerRow? Resolution => Rows.FirstOrDefault(row => row.Kind is "settle" or "void" or "expire");

    public LedgerRow? Late => Rows.FirstOrDefault(row => row.Kind == "late-settle");

    /// <summary>The most that it held.</summary>
    public long Amount => Rows.Where(row => row.Held > 0).Sum(row => row.Held);

    /// <summary>Micro-credits in all.</summary>
    public long Charged => Rows.Sum(row => row.Settled);
}
