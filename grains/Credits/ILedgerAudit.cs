using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>
/// A second book of each tenant's ledger, summed from its rows and events and by nothing that writes them. It
/// stands at the last row that was verified, so that a pass reads the rows after it and no others. All amounts
/// are micro-credits.
/// </summary>
public interface ILedgerAudit
{
    /// <summary>Reads what a verification compares, all of it in one snapshot.</summary>
    /// <param name="full">Reads every row as if there were no book.</param>
    /// <param name="scopes">Months whose charges are wanted as the rollups have them.</param>
    Task<AuditReading> ReadAsync(TenantId tenant, bool full, IReadOnlyList<Scope> scopes, CancellationToken cancellation);

    /// <summary>
    /// Records how it ended. Sound: the book moves on to <see cref="AuditTotals.Seq"/> of the pool. Not: the book
    /// stays where it is; after a full reading it is emptied, for then nothing in it is to be trusted.
    /// </summary>
    /// <param name="failure">What did not agree; null when sound.</param>
    /// <returns>False when another verification was recorded since the reading: this one was not.</returns>
    Task<bool> RecordAsync(AuditReading reading, string? failure, CancellationToken cancellation);

    /// <summary>What the last verification found wrong; null when it was sound or there was none.</summary>
    Task<string?> FindFailureAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>The tenants that have rows after the last verified one, or whose last verification failed.</summary>
    Task<IReadOnlyList<TenantId>> TenantsToVerifyAsync(CancellationToken cancellation);

    /// <summary>Every tenant that has a ledger.</summary>
    Task<IReadOnlyList<TenantId>> TenantsAsync(CancellationToken cancellation);

    /// <summary>
    /// Makes the tenant's rollups anew from its rows and events, and raises its epoch: a pool that has summed
    /// from the old ones is fenced off.
    /// </summary>
    /// <returns>What was added to each rollup that was wrong.</returns>
    Task<IReadOnlyList<UsageRollup>> RebuildRollupsAsync(TenantId tenant, CancellationToken cancellation);
}

/// <summary>Running totals of a ledger at one of its rows.</summary>
public sealed record AuditTotals(long Seq, long Granted, long Held, long Settled);

/// <summary>Rows of a ledger: how many, the first and the last number (0 for none), and their sums.</summary>
public sealed record AuditRows(long Count, long First, long Last, long Granted, long Held, long Settled);

/// <summary>By how much an open hold differs: its amount, and whether it is there at all (1, −1).</summary>
public readonly record struct HoldMove(HoldId Hold, long Amount, long Open);

/// <summary>What a verification compares: one tenant's tables in one snapshot.</summary>
/// <param name="Full">Every row was read.</param>
/// <param name="Passes">How many verifications had been recorded; one recorded since makes this one void.</param>
/// <param name="Book">What the rows are added to; all 0 when full.</param>
/// <param name="Pool">What the ledger keeps as its totals.</param>
/// <param name="Rows">The rows after <paramref name="Book"/>.</param>
/// <param name="EventsAstray">Rows among them whose usage event is missing, too many or says something else.</param>
/// <param name="EventAstray">The first of those rows; 0 for none.</param>
/// <param name="Holds">The open holds with their amounts.</param>
/// <param name="HoldMoves">By how much the rows say that the open holds differ from the stored book's.</param>
/// <param name="HoldDifferences">By how much they do.</param>
/// <param name="RollupMoves">By how much the rows and events say that the rollups differ from the stored book's.</param>
/// <param name="RollupDifferences">By how much they do.</param>
/// <param name="Scopes">What the rollups charge to the months that were asked for.</param>
public sealed record AuditReading(
    TenantId Tenant,
    bool Full,
    long Epoch,
    long Passes,
    AuditTotals Book,
    AuditTotals Pool,
    AuditRows Rows,
    long EventsAstray,
    long EventAstray,
    IReadOnlyDictionary<HoldId, long> Holds,
    IReadOnlyList<HoldMove> HoldMoves,
    IReadOnlyList<HoldMove> HoldDifferences,
    IReadOnlyList<UsageRollup> RollupMoves,
    IReadOnlyList<UsageRollup> RollupDifferences,
    IReadOnlyDictionary<Scope, long> Scopes);
