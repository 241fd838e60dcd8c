using Informer.Ai.Credits;

namespace Informer.Ai.Usage;

/// <summary>A caller's budget at one moment: profile, month and pool, read together.</summary>
/// <param name="Configured">A valid entitlement is cached.</param>
/// <param name="Profile">Null when none applies.</param>
/// <param name="ResetsAt">When the next monthly period begins (UTC).</param>
[GenerateSerializer, Immutable, Alias("budget-reading")]
public sealed record BudgetReading(
    [property: Id(0)] bool Configured,
    [property: Id(1)] UsageProfile? Profile,
    [property: Id(2)] PoolReading Pool,
    [property: Id(3)] ScopeReading Month,
    [property: Id(4)] DateTimeOffset ResetsAt);
