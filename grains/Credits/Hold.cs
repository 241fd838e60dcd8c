using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>Credits set aside for one operation until it is resolved.</summary>
/// <param name="Amount">Micro-credits.</param>
/// <param name="Day">The UTC day on which it was taken: its charge counts there, whenever it is resolved.</param>
/// <param name="Cap">The actor's monthly cap when it was taken, in micro-credits; null is unlimited.</param>
/// <param name="Gates">The checks that it passed.</param>
public sealed record Hold(
    HoldId Id,
    UserId Actor,
    EntityRef? Entity,
    bool Byok,
    long Amount,
    DateOnly Day,
    long? Cap,
    Gates Gates,
    Operation Operation)
{
    /// <summary>The month that its charge belongs to.</summary>
    public Period Period => new((Day.Year * 100) + Day.Month);
}

/// <summary>The checks that stand before a hold.</summary>
[Flags]
public enum Gates
{
    None = 0,
    Entitlement = 1,
    Tier = 2,
    Cap = 4,
    Entity = 8,
    Pool = 16,
}

/// <summary>How a hold was resolved.</summary>
/// <param name="Charged">Micro-credits in all, a late settlement included.</param>
public sealed record Resolution(
    HoldId Hold,
    ResolutionKind Kind,
    long Charged,
    bool Estimated,
    Hold Origin);
