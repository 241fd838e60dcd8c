namespace Informer.Ai.Credits;

/// <summary>Micro-credits as the credits that callers see: exact, with at most six decimals.</summary>
internal static class CreditAmount
{
    public const long MicroPerCredit = 1_000_000;

    /// <summary>The most whole credits that fit an amount of micro-credits.</summary>
    public const long CreditsMax = long.MaxValue / MicroPerCredit;

    public static decimal Of(long microCredits) => microCredits / (decimal)MicroPerCredit;

    public static decimal? Of(long? microCredits) => microCredits is { } amount ? Of(amount) : null;
}
