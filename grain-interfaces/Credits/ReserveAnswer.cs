using System.Collections.Immutable;

namespace Informer.Ai.Credits;

/// <summary>How a request for a hold ended.</summary>
public enum ReserveOutcome
{
    /// <summary>The amount is held, durably.</summary>
    Held = 0,

    /// <summary>A check failed; nothing is held anywhere. <see cref="ReserveAnswer.Refusal"/> says which.</summary>
    Refused = 1,

    /// <summary>This hold was resolved before: the request came late or twice.</summary>
    Resolved = 2,

    /// <summary>Too much waits for the ledger: nothing was looked at, nothing is held. Try again in a moment.</summary>
    Overloaded = 3,
}

/// <summary>The answer to a <see cref="ReserveRequest"/>.</summary>
/// <param name="Refusal">Set when refused.</param>
[GenerateSerializer, Immutable, Alias("reserve-answer")]
public sealed record ReserveAnswer(
    [property: Id(0)] ReserveOutcome Outcome,
    [property: Id(1)] Refusal? Refusal = null);

/// <summary>The check that a metered request failed, in the order in which they are made.</summary>
public enum RefusalCode
{
    NotEntitled = 1,
    TierNotAllowed = 2,
    CreditLimit = 3,
    EntityBudget = 4,
    PoolExhausted = 5,
}

/// <summary>Why credits were refused, with the numbers that were compared. All amounts are micro-credits.</summary>
/// <param name="ProfileRemaining">Left of the caller's monthly cap, holds not counted; null is unlimited.</param>
/// <param name="PoolRemaining">Left of the pool, holds not counted; null is unlimited.</param>
/// <param name="Held">Held by the caller's own calls in flight.</param>
/// <param name="Required">What was asked for.</param>
/// <param name="Retryable">It failed only because of holds in flight.</param>
/// <param name="EntityRemaining">Left of the entity's budget, for <see cref="RefusalCode.EntityBudget"/>.</param>
/// <param name="Tier">The tier asked for, for <see cref="RefusalCode.TierNotAllowed"/>.</param>
/// <param name="AllowedTiers">The tiers of the caller's profile, for the same.</param>
[GenerateSerializer, Immutable, Alias("refusal")]
public sealed record Refusal(
    [property: Id(0)] RefusalCode Code,
    [property: Id(1)] long? ProfileRemaining,
    [property: Id(2)] long? PoolRemaining,
    [property: Id(3)] long Held,
    [property: Id(4)] long Required,
    [property: Id(5)] bool Retryable = false,
    [property: Id(6)] long? EntityRemaining = null,
    [property: Id(7)] string? Tier = null,
    [property: Id(8)] ImmutableArray<string> AllowedTiers = default);
