namespace Informer.Ai.Credits;

/// <summary>The end of an operation: what it used and costs.</summary>
/// <param name="CostMicroCredits">The price of the usage, 0 or more, rounded up once; overage is added by the pool.</param>
/// <param name="RawUsage">The provider's own report as JSON; null when it gave none.</param>
/// <param name="Estimated">The usage was counted here and not reported by the provider.</param>
/// <param name="FinishReason">How the answer ended: stop, length, tool-calls, abort, error …</param>
/// <param name="ModelId">The model that answered, when it is not the one the hold was taken for (a fallback).</param>
/// <param name="ProviderId">The provider that answered, likewise.</param>
/// <param name="PriceVersion">The prices that the cost was counted with, likewise.</param>
[GenerateSerializer, Immutable, Alias("settlement")]
public sealed record Settlement(
    [property: Id(0)] HoldId Hold,
    [property: Id(1)] long CostMicroCredits,
    [property: Id(2)] TokenUsage Usage,
    [property: Id(3)] string? RawUsage,
    [property: Id(4)] bool Estimated,
    [property: Id(5)] string FinishReason,
    [property: Id(6)] string? ModelId = null,
    [property: Id(7)] string? ProviderId = null,
    [property: Id(8)] string? PriceVersion = null);

/// <summary>How a hold was resolved.</summary>
public enum ResolutionKind
{
    /// <summary>The actual usage was charged.</summary>
    Settled = 1,

    /// <summary>Nothing was charged.</summary>
    Voided = 2,

    /// <summary>Its time to live ended; its last checkpoint was charged.</summary>
    Expired = 3,

    /// <summary>A settlement came after expiry and was recorded as an adjustment.</summary>
    LateSettled = 4,
}

/// <summary>How the resolution of a hold was answered.</summary>
public enum ResolveOutcome
{
    /// <summary>This call resolved it.</summary>
    Resolved = 0,

    /// <summary>It was resolved before; the answer repeats that result.</summary>
    AlreadyResolved = 1,

    /// <summary>There never was such a hold.</summary>
    UnknownHold = 2,
}

/// <summary>The result of a settlement or void, the first one's if it came twice.</summary>
/// <param name="Kind">Null for an unknown hold.</param>
/// <param name="ChargedMicroCredits">What the operation has cost in all.</param>
/// <param name="PoolRemaining">Micro-credits left in the pool afterwards; null is unlimited.</param>
/// <param name="ProfileRemaining">Micro-credits left of the actor's cap in the hold's month; null is unlimited.</param>
[GenerateSerializer, Immutable, Alias("resolve-answer")]
public sealed record ResolveAnswer(
    [property: Id(0)] ResolveOutcome Outcome,
    [property: Id(1)] ResolutionKind? Kind,
    [property: Id(2)] long ChargedMicroCredits,
    [property: Id(3)] bool Estimated,
    [property: Id(4)] long? PoolRemaining,
    [property: Id(5)] long? ProfileRemaining);
