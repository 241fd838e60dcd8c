using System.Collections.Immutable;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>
/// What a verification of a tenant's ledger found at one of its rows. The amounts, in micro-credits, are those of
/// the ledger's own totals.
/// </summary>
/// <param name="Seq">The last row at the moment that was verified; 0 for none.</param>
/// <param name="Full">All rows were read, and not only those since the last verification.</param>
/// <param name="RowsChecked">How many rows were read.</param>
/// <param name="Reading">What the pool's readers were told at this row.</param>
/// <param name="At">When it was read.</param>
[GenerateSerializer, Immutable, Alias("ledger-verification")]
public sealed record LedgerVerification(
    [property: Id(0)] TenantId Tenant,
    [property: Id(1)] long Seq,
    [property: Id(2)] long Granted,
    [property: Id(3)] long Settled,
    [property: Id(4)] long Held,
    [property: Id(5)] bool Full,
    [property: Id(6)] long RowsChecked,
    [property: Id(7)] ImmutableArray<LedgerCheck> Checks,
    [property: Id(8)] PoolReading Reading,
    [property: Id(9)] TimeSpan Duration,
    [property: Id(10)] DateTimeOffset At)
{
    /// <summary>Neither charged nor held; below 0 after an overrun.</summary>
    public long Available => Granted - Settled - Held;

    /// <summary>Nothing contradicts anything.</summary>
    public bool Passed => Checks.All(check => check.Passed);
}

/// <summary>One comparison of a verification.</summary>
/// <param name="Name">Such as "rollups"; never renamed.</param>
/// <param name="Detail">What did not agree, with numbers of this tenant only; null when it passed.</param>
[GenerateSerializer, Immutable, Alias("ledger-check")]
public sealed record LedgerCheck(
    [property: Id(0)] string Name,
    [property: Id(1)] bool Passed,
    [property: Id(2)] string? Detail = null);
