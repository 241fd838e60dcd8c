namespace Informer.Ai.Usage;

/// <summary>How much of a limit is used, in percent with one decimal.</summary>
internal static class Percent
{
    /// <summary>Null without a limit; a limit of 0 is always used up.</summary>
    public static decimal? Of(long used, long? limit) => limit switch
    {
        null => null,
        0 => 100m,
        { } most => Math.Round(used * 100m / most, 1, MidpointRounding.AwayFromZero),
    };
}
