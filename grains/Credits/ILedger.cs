using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>
/// The durable truth of a tenant's credits: append-only rows, with the totals, open holds and rollups that are
/// kept in the same transaction. All amounts are micro-credits.
/// </summary>
public interface ILedger
{
    /// <summary>
    /// Becomes the tenant's one writer: raises its epoch, durably, and reads what an owner needs. Waits for a
    /// former owner's open transaction. A tenant that never was is made, empty.
    /// </summary>
    Task<PoolOpening> TakeOverAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>Writes a batch, all or nothing, if <see cref="LedgerBatch.Epoch"/> is still the tenant's epoch.</summary>
    /// <exception cref="LedgerFencedException">A newer owner took over; nothing was written.</exception>
    /// <remarks>Any other exception leaves it unknown whether the batch was written.</remarks>
    Task CommitAsync(LedgerBatch batch, CancellationToken cancellation);

    /// <summary>What an actor or entity was charged in a month, and an entity's budget.</summary>
    Task<ScopeTotals> ReadScopeAsync(TenantId tenant, Scope scope, CancellationToken cancellation);

    /// <summary>How a hold was resolved; null when it is open or never was.</summary>
    Task<Resolution?> FindResolutionAsync(TenantId tenant, HoldId hold, CancellationToken cancellation);

    /// <summary>A grant or adjustment with this key is in the ledger.</summary>
    Task<bool> HasKeyAsync(TenantId tenant, string key, CancellationToken cancellation);

    /// <summary>The last checkpoints of these operations; none for one that never wrote any.</summary>
    Task<IReadOnlyList<Evidence>> ReadEvidenceAsync(
        TenantId tenant, IReadOnlyList<HoldId> holds, CancellationToken cancellation);

    /// <summary>The tenants that have open holds, for the sweep that finds those of dead processes.</summary>
    Task<IReadOnlyList<TenantId>> TenantsWithOpenHoldsAsync(CancellationToken cancellation);
}

/// <summary>The writer's epoch is over: another activation owns the tenant's ledger now.</summary>
public sealed class LedgerFencedException : Exception
{
    public LedgerFencedException()
        : base("Another activation owns this ledger now.")
    {
    }

    public LedgerFencedException(string message)
        : base(message)
    {
    }

    public LedgerFencedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>What the owner of a tenant's ledger starts from.</summary>
/// <param name="Seq">The last row's number, 0 for none.</param>
public sealed record PoolOpening(
    long Epoch,
    long Seq,
    long Granted,
    long Settled,
    PoolPolicy Policy,
    IReadOnlyList<OpenHold> Holds);

/// <summary>An open hold as read back, and how long ago it was taken, extended or checkpointed, by the database's clock.</summary>
public sealed record OpenHold(Hold Hold, TimeSpan Age);

/// <summary>What a scope was charged in its month.</summary>
/// <param name="Limit">The entity's budget; null is unlimited.</param>
public sealed record ScopeTotals(long Settled, long? Limit);

/// <summary>What a running operation had used when it was last checkpointed.</summary>
/// <param name="Age">How long ago, by the database's clock.</param>
public sealed record Evidence(HoldId Hold, TimeSpan Age, long CostMicroCredits, TokenUsage Usage);
