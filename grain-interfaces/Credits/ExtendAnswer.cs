namespace Informer.Ai.Credits;

/// <summary>How a request for a larger hold ended.</summary>
public enum ExtendOutcome
{
    /// <summary>The hold covers the amount, durably.</summary>
    Held = 0,

    /// <summary>A check failed; the hold is as it was.</summary>
    Refused = 1,

    /// <summary>The hold is not open: it was resolved, or never was.</summary>
    NotOpen = 2,
}

/// <summary>The answer to an extension.</summary>
/// <param name="HeldMicroCredits">What the hold covers now.</param>
/// <param name="Code">The failed check, when refused.</param>
[GenerateSerializer, Immutable, Alias("extend-answer")]
public sealed record ExtendAnswer(
    [property: Id(0)] ExtendOutcome Outcome,
    [property: Id(1)] long HeldMicroCredits,
    [property: Id(2)] RefusalCode? Code = null);
