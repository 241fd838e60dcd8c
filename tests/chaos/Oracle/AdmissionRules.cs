using Informer.Ai.Books;

namespace Informer.Ai.Oracle;

/// <summary>
/// Plays the ledger back and asks at every row that holds more whether it could have been admitted. The rows are in
/// the order of the decisions, so what stands before a row is all that its decision could know.
/// </summary>
internal static class AdmissionRules
{
    /// <param name="budgetsAt">The entity budgets that were in force when a row was written.</param>
    public static IEnumerable<string> Violations(LedgerBook ledger, Func<long, IReadOnlyDictionary<string, long?>> budgetsAt)
    {
        long granted = 0, taken = 0;
        Dictionary<(string, string), long> scopes = [];
        Dictionary<string, long?> caps = [];
        foreach (var row in ledger.Rows)
        {
            granted += row.Granted;
            taken += row.Held + row.Settled;
            var actor = Add(row.Actor, row);
            var entity = Add(row.Entity, row);
            if (row.Kind == "hold")
            {
                caps[row.Hold!] = row.Cap;
            }

            if (row.Kind is not ("hold" or "extend"))
            {
                continue;
            }

            var policy = (long)((Int128)granted * ledger.Pool.SlushPermille / 1000);
            if (row.Held > 0 && taken > granted + policy)
            {
                yield return $"L2 row {row.Seq} holds {row.Held}: then {taken} are held and settled of {granted} granted and {policy} slush";
            }

            if (caps.GetValueOrDefault(row.Hold!) is { } cap && Exceeds(cap, actor, row.Held))
            {
                yield return $"L4 row {row.Seq} holds {row.Held}: then its actor has {actor} held and settled under a cap of {cap}";
            }

            if (row.Entity is not null && budgetsAt(row.Seq).GetValueOrDefault(row.Entity) is { } budget && Exceeds(budget, entity, row.Held))
            {
                yield return $"L5 row {row.Seq} holds {row.Held}: then {row.Entity} has {entity} held and settled in a budget of {budget}";
            }
        }

        // Beyond what was admitted only what came out dearer than its hold, or after it, can have been charged.
        var beyond = ledger.Holds.Values.Sum(hold => Math.Max(0, hold.Charged - (hold.Late is null ? hold.Amount : 0)));
        var most = granted + (long)((Int128)granted * ledger.Pool.SlushPermille / 1000) + beyond;
        if (ledger.Pool.Settled > most)
        {
            yield return $"L2 {ledger.Pool.Settled} are settled; {most} is all that overruns and late settlements explain";
        }

        foreach (var used in ledger.Usage.Where(used => used is { Estimated: true, Kind: "settled" }))
        {
            var hold = ledger.Holds[used.Hold];
            if (hold.Charged > hold.Amount && !IsWithinTheGrace(used.Output))
            {
                yield return $"L2 hold {hold.Id} of {hold.Amount} was charged {hold.Charged} by our own count, which the hold should have covered";
            }
        }

        long Add(string? key, LedgerRow row)
        {
            if (key is null)
            {
                return 0;
            }

            var sum = scopes.GetValueOrDefault((key, row.Month)) + row.Held + row.Settled;
            scopes[(key, row.Month)] = sum;
            return sum;
        }
    }

    // A provider that ignores its limit is cut an eighth above it, and what it sent until then is charged.
    private static bool IsWithinTheGrace(long output) =>
        ((long[])[1_024, 4_096, 16_384]).Any(limit => output > limit && output <= limit + (limit / 8) + 16);

    // A limit of 0 is a hard stop, also for what costs nothing.
    private static bool Exceeds(long limit, long sum, long more) => limit == 0 || (more > 0 && sum > limit);
}
