namespace Informer.Ai.Calls;

/// <summary>Draws the calls of a round: many small ones, some long, some broken at the provider, some impatient.</summary>
internal sealed class CallMix(Random random, string prefix, TimeSpan window)
{
    public const int ChatsOfEach = 3;

    public static readonly string[] Users = ["analyst", "admin"];

    /// <summary>Entities that calls share, so that their budgets are fought over.</summary>
    public static readonly string[] SharedEntities = ["app:sales", "dataset:prices"];

    private static readonly string[] FaultsBefore =
    [
        "fault=status code=429 retry-after=1", "fault=status code=500", "fault=status code=400", "fault=hang-before-headers",
        "fault=reset-before-headers", "fault=error-200", "fault=redirect", "fault=hang after=0", "fault=reset after=0",
    ];

    private static readonly string[] FaultsAfter =
    [
        "fault=hang", "fault=reset", "fault=no-done", "fault=truncated-json", "fault=cut-line", "fault=error-mid-stream",
        "fault=invalid-utf8", "fault=content-filter", "fault=length", "fault=endless", "fault=crlf",
    ];

    private static readonly string[] FaultsOfUsage =
    [
        "fault=usage-missing", "fault=usage-negative", "fault=usage-huge", "fault=usage-zero", "fault=usage-twice",
        "fault=usage-only-at-end", "fault=usage-in-finish", "fault=usage-nan", "fault=usage-each",
    ];

    public List<CallPlan> Draw(int calls) => [.. Enumerable.Range(0, calls).Select(One)];

    private CallPlan One(int number)
    {
        var mark = $"{prefix}c{number}";
        var route = (Route)Weighted(5, 2, 3);
        var leaving = route == Route.Turn ? (Leaving)Weighted(12, 3, 4, 2) : (Leaving)Weighted(10, 3, 3);
        var repeating = route == Route.Turn ? (Repeating)Weighted(10, 2, 1, 3) : (Repeating)Weighted(10, 1);
        return new CallPlan(
            mark,
            route,
            Users[random.Next(Users.Length)],
            random.Next(ChatsOfEach),
            random.Next(3) == 0 ? "everyday" : "advanced",
            route == Route.Completion ? "medium" : ((string[])["small", "medium", "large"])[Weighted(2, 3, 2)],
            random.Next(3) == 0 ? SharedEntities[random.Next(SharedEntities.Length)] : $"app:{mark}",
            random.Next(1_000),
            Directive(),
            window * random.NextDouble(),
            leaving,
            leaving == Leaving.AfterTime ? random.Next(1, 250) : random.Next(1, 30),
            repeating,
            route == Route.Turn && random.Next(3) == 0,
            random.Next(2) == 0);
    }

    private string Directive() => Weighted(8, 6, 3, 3, 3, 3, 1) switch
    {
        0 => $"tokens={random.Next(1, 80)} delay={random.Next(0, 4)}",
        // Long enough to be running when the fault strikes.
        1 => $"tokens={random.Next(100, 500)} delay={random.Next(2, 8)}",
        // Beyond the first slices of its hold, as fast as it goes.
        2 => $"tokens={random.Next(900, 5_000)}",
        3 => $"{Pick(FaultsBefore)} tokens=20",
        4 => Broken(Pick(FaultsAfter)),
        5 => $"{Pick(FaultsOfUsage)} tokens={random.Next(1, 60)}",
        _ => $"tokens=30 first={random.Next(100, 700)}",
    };

    // What never stops is stopped by its limit, and should not take long to get there.
    private string Broken(string fault) =>
        $"{fault} after={random.Next(1, 60)} tokens=80 delay={(fault == "fault=endless" ? 0 : random.Next(0, 3))}";

    private string Pick(string[] faults) => faults[random.Next(faults.Length)];

    private int Weighted(params int[] weights)
    {
        var drawn = random.Next(weights.Sum());
        var at = 0;
        while (drawn >= weights[at])
        {
            drawn -= weights[at++];
        }

        return at;
    }
}
