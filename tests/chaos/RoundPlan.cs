using Informer.Ai.Calls;
using Informer.Ai.Faults;

namespace Informer.Ai;

/// <summary>The limits that are in force in a round.</summary>
/// <param name="PoolCredits">The tenant's whole pool; null for one that does not run dry.</param>
/// <param name="CapAbove">The users' monthly cap, in credits above what is used; null for none, -1 for a cap of 0.</param>
/// <param name="BudgetsAbove">The same for each shared entity.</param>
internal sealed record Limits(long? PoolCredits, int? CapAbove, IReadOnlyList<int?> BudgetsAbove);

/// <summary>Everything that chance decides of a round, from the run's seed and the round's number alone.</summary>
/// <param name="StrikesAt">The earliest moment of the fault.</param>
/// <param name="StrikesAfter">So many answers have begun by then, if they begin at all.</param>
internal sealed record RoundPlan(
    int Number, int Seed, Fault Fault, TimeSpan StrikesAt, int StrikesAfter, Limits Limits, IReadOnlyList<CallPlan> Calls)
{
    private const int CallsMin = 10;
    private const int CallsMax = 61;

    private static readonly TimeSpan ShortTime = TimeSpan.FromSeconds(1);

    // Until somebody else has taken over, and on into the time when the former owner is back.
    private static readonly TimeSpan LongWindow = TimeSpan.FromSeconds(9);

    /// <summary>Draws the plan of a round.</summary>
    public static RoundPlan Of(int seed, int number, FaultList faults, string? forced)
    {
        var own = Mixed(seed, number);
        var random = new Random(own);
        var fault = faults.Draw(random);
        fault = forced is null ? fault : faults.Find(forced)!;
        var window = fault.LastsLong ? LongWindow : TimeSpan.FromMilliseconds(random.Next(500, 1_500));
        return new RoundPlan(
            number,
            own,
            fault,
            (fault.LastsLong ? ShortTime : window) * random.NextDouble(),
            random.Next(6),
            new Limits(
                random.Next(6) == 0 ? random.Next(1, 4) : null,
                random.Next(12) switch { 0 => -1, < 5 => random.Next(2), _ => null },
                [.. CallMix.SharedEntities.Select(_ => random.Next(8) switch { 0 => (int?)-1, < 4 => random.Next(2), _ => null })]),
            new CallMix(random, $"r{number}", window).Draw(random.Next(CallsMin, CallsMax)));
    }

    // Neighbouring seeds draw alike at first: the bits are stirred before they are used.
    private static int Mixed(int seed, int number)
    {
        var bits = unchecked((((ulong)(uint)seed << 32) | (uint)number) + 0x9E3779B97F4A7C15UL);
        bits = unchecked((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL);
        bits = unchecked((bits ^ (bits >> 27)) * 0x94D049BB133111EBUL);
        return (int)((bits ^ (bits >> 31)) & int.MaxValue);
    }

    public override string ToString() =>
        $"{Calls.Count} calls, {Fault.Name} at {StrikesAt.TotalMilliseconds:0} ms, pool {Limits.PoolCredits?.ToString() ?? "ample"}, "
        + $"cap {Said(Limits.CapAbove)}, budgets {string.Join(" ", Limits.BudgetsAbove.Select(Said))}";

    private static string Said(int? above) => above switch { null => "none", -1 => "0", var more => $"used + {more}" };
}
