namespace Informer.Ai.Credits;

/// <summary>A tenant's pool at one moment. All amounts are micro-credits.</summary>
/// <param name="Included">Granted for the current term.</param>
/// <param name="Used">Charged in it.</param>
/// <param name="Held">Held by operations in flight.</param>
/// <param name="Slush">The safety buffer beyond <paramref name="Included"/>.</param>
/// <param name="OverageRate">Price of a credit beyond the included ones, in millionths of a normal one.</param>
/// <param name="PayAsYouGo">Spending may go on past the included credits.</param>
[GenerateSerializer, Immutable, Alias("pool-reading")]
public sealed record PoolReading(
    [property: Id(0)] long Included,
    [property: Id(1)] long Used,
    [property: Id(2)] long Held,
    [property: Id(3)] long Slush,
    [property: Id(4)] long OverageRate,
    [property: Id(5)] bool PayAsYouGo)
{
    /// <summary>Included credits that are not used; never below 0.</summary>
    public long Remaining => Math.Max(0, Included - Used);

    /// <summary>How much of the slush is used.</summary>
    public long SlushUsed => PayAsYouGo ? 0 : Math.Clamp(Used - Included, 0, Slush);

    /// <summary>The slush is being drawn on.</summary>
    public bool SlushActive => !PayAsYouGo && Slush > 0 && Remaining == 0;
}

/// <summary>An actor's or entity's month at one moment. All amounts are micro-credits.</summary>
/// <param name="Settled">Charged in the month.</param>
/// <param name="Held">Held by operations in flight that were begun in the month.</param>
/// <param name="Limit">The entity's budget; null is unlimited. Not used for an actor, whose cap is its profile's.</param>
[GenerateSerializer, Immutable, Alias("scope-reading")]
public sealed record ScopeReading(
    [property: Id(0)] Period Period,
    [property: Id(1)] long Settled,
    [property: Id(2)] long Held,
    [property: Id(3)] long? Limit);

/// <summary>Pool and actor read in one moment, so that their numbers agree.</summary>
[GenerateSerializer, Immutable, Alias("credit-reading")]
public sealed record CreditReading(
    [property: Id(0)] PoolReading Pool,
    [property: Id(1)] ScopeReading Actor);
