using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>What one commit writes: rows, and everything that follows from them.</summary>
/// <param name="Entries">New rows, numbered without a gap from the tenant's last one.</param>
/// <param name="Opened">Holds that are open after the batch and were not before.</param>
/// <param name="Extended">Holds that were open before and are larger now.</param>
/// <param name="Closed">Holds that were open before and are resolved now.</param>
/// <param name="Rollups">One at most for a day, dimension, key and resource type.</param>
/// <param name="Policy">The new policy, if it changed.</param>
/// <param name="Budgets">Entity budgets that changed, each once.</param>
public sealed record LedgerBatch(
    TenantId Tenant,
    long Epoch,
    IReadOnlyList<LedgerEntry> Entries,
    IReadOnlyList<Hold> Opened,
    IReadOnlyList<(HoldId Hold, long Amount)> Extended,
    IReadOnlyList<HoldId> Closed,
    IReadOnlyList<UsageEvent> Events,
    IReadOnlyList<UsageRollup> Rollups,
    PoolPolicy? Policy,
    IReadOnlyList<EntityBudget> Budgets);

/// <summary>What a ledger row records.</summary>
public enum EntryKind
{
    Grant = 1,
    Hold = 2,
    Extend = 3,
    Settle = 4,
    Void = 5,
    Expire = 6,

    /// <summary>A settlement that came after its hold had expired.</summary>
    LateSettle = 7,
    Adjust = 8,
}

/// <summary>A ledger row: by how much it moves what is granted, held and settled. Never changed once written.</summary>
/// <param name="Seq">Gap-free within the tenant.</param>
/// <param name="Key">The idempotency key of a grant or adjustment.</param>
/// <param name="Day">The day that it counts on.</param>
/// <param name="Reason">Why, for a reader; null where the kind says it all.</param>
/// <param name="Origin">
/// The hold that a <see cref="EntryKind.Hold"/> row takes. Needed only when the batch names it neither among
/// the opened ones nor in an event: taken and voided at once.
/// </param>
public sealed record LedgerEntry(
    long Seq,
    EntryKind Kind,
    HoldId? Hold,
    string? Key,
    long Granted,
    long Held,
    long Settled,
    DateOnly Day,
    UserId? Actor,
    EntityRef? Entity,
    string? Reason,
    Hold? Origin = null);

/// <summary>What one resolved operation used and cost.</summary>
/// <param name="Seq">The ledger row that charged it.</param>
/// <param name="Kind">How it was resolved; a late settlement is an event of its own with the difference.</param>
/// <param name="Charged">Micro-credits; a late settlement's may be negative.</param>
public sealed record UsageEvent(
    long Seq,
    Hold Hold,
    ResolutionKind Kind,
    string ModelId,
    TokenUsage Usage,
    string? RawUsage,
    long Charged,
    bool Estimated,
    string FinishReason)
{
    /// <summary>The provider that answered.</summary>
    public string ProviderId { get; init; } = Hold.Operation.ProviderId;

    /// <summary>The prices that it was charged with.</summary>
    public string PriceVersion { get; init; } = Hold.Operation.PriceVersion;
}

/// <summary>By what reports sum up.</summary>
public enum RollupDimension
{
    Tenant = 0,
    Actor = 1,
    Entity = 2,
    Model = 3,
}

/// <summary>What a batch adds to one rollup row.</summary>
/// <param name="Key">The actor, entity ("type:id") or model; empty for the tenant.</param>
public sealed record UsageRollup(
    DateOnly Day,
    RollupDimension Dimension,
    string Key,
    string ResourceType,
    long Charged,
    long Events,
    long Tokens);

/// <summary>An entity's monthly budget; null is unlimited.</summary>
public sealed record EntityBudget(EntityRef Entity, long? MicroCredits);
