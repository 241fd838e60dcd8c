using Informer.Ai.Books;

namespace Informer.Ai.Oracle;

/// <summary>What the ledger must say of itself, whatever happened.</summary>
internal static class LedgerRules
{
    public static IEnumerable<string> Violations(LedgerBook ledger) =>
        [.. Numbers(ledger), .. Totals(ledger), .. ledger.Holds.Values.SelectMany(Resolutions), .. Events(ledger), .. Rollups(ledger)];

    private static IEnumerable<string> Numbers(LedgerBook ledger)
    {
        for (var at = 0; at < ledger.Rows.Count; at++)
        {
            if (ledger.Rows[at].Seq != at + 1)
            {
                yield return $"L21 row {at + 1} of the ledger has the number {ledger.Rows[at].Seq}";
                yield break;
            }

            if (at > 0 && ledger.Rows[at].Epoch < ledger.Rows[at - 1].Epoch)
            {
                yield return $"L22 row {at + 1} is of epoch {ledger.Rows[at].Epoch}, after one of {ledger.Rows[at - 1].Epoch}";
            }
        }

        if (ledger.Pool.Seq != ledger.Rows.Count)
        {
            yield return $"L21 the pool is at row {ledger.Pool.Seq}, the ledger at {ledger.Rows.Count}";
        }
    }

    private static IEnumerable<string> Totals(LedgerBook ledger)
    {
        var (pool, rows) = (ledger.Pool, ledger.Rows);
        return
        [
            .. Differ("L1 granted", pool.Granted, rows.Sum(row => row.Granted)),
            .. Differ("L1 held", pool.Held, rows.Sum(row => row.Held)),
            .. Differ("L1 settled", pool.Settled, rows.Sum(row => row.Settled)),
            .. Differ("L1 open holds", pool.Held, ledger.OpenHolds.Sum(hold => hold.Amount)),
            .. Differ("L26 open holds left", ledger.OpenHolds.Count, 0),
            .. Differ("L16 usage events", pool.Settled, ledger.Usage.Sum(used => used.Charged)),
        ];
    }

    private static IEnumerable<string> Resolutions(HoldHistory hold)
    {
        int Count(params string[] kinds) => hold.Rows.Count(row => kinds.Contains(row.Kind));
        var (resolved, late) = (Count("settle", "void", "expire"), Count("late-settle"));
        if (hold.Taken.Kind != "hold" || Count("hold") != 1)
        {
            yield return $"L6 hold {hold.Id} was not taken once, first: {Kinds(hold)}";
        }

        if (resolved != 1)
        {
            yield return $"L6 hold {hold.Id} was resolved {resolved} times: {Kinds(hold)}";
        }

        if (late > 1 || (late == 1 && hold.Resolution?.Kind != "expire"))
        {
            yield return $"L10 hold {hold.Id} was settled late without need: {Kinds(hold)}";
        }

        if (hold.Rows.Sum(row => row.Held) is not 0 and var left && resolved > 0)
        {
            yield return $"L5 hold {hold.Id} is resolved and still holds {left}: {Kinds(hold)}";
        }

        if (hold.Charged < 0)
        {
            yield return $"L19 hold {hold.Id} was paid {-hold.Charged}";
        }
    }

    private static IEnumerable<string> Events(LedgerBook ledger)
    {
        var used = ledger.Usage.ToLookup(usage => usage.Seq);
        foreach (var row in ledger.Rows.Where(row => row.Hold is not null && row.Kind is not ("hold" or "extend")))
        {
            var events = used[row.Seq].ToList();
            // Who was charged nothing for nothing has no event.
            var needed = row.Kind is "settle" or "late-settle" || row.Settled != 0;
            if (events.Count > 1 || (needed && events.Count == 0))
            {
                yield return $"L6 row {row.Seq} ({row.Kind} {row.Settled}) has {events.Count} usage events";
            }
            else if (events.Count == 1 && (events[0].Charged != row.Settled || events[0].Hold != row.Hold))
            {
                yield return $"L16 row {row.Seq} charged {row.Settled} and its usage event says {events[0].Charged}";
            }
        }

        var rows = ledger.Rows.Where(row => row.Kind is "settle" or "void" or "expire" or "late-settle").Select(row => row.Seq).ToHashSet();
        foreach (var stray in ledger.Usage.Where(usage => !rows.Contains(usage.Seq)))
        {
            yield return $"L6 the usage event of row {stray.Seq} belongs to no resolution";
        }
    }

    private static IEnumerable<string> Rollups(LedgerBook ledger)
    {
        Dictionary<(string, string, string, string), (long Charged, long Events, long Tokens)> expected = [];
        foreach (var used in ledger.Usage)
        {
            // A late settlement corrects an operation that was counted when it expired.
            var (events, tokens) = used.Kind == "late-settled" ? (0, 0) : (1, used.TokensInAll);
            (string, string?)[] scopes = [("tenant", ""), ("actor", used.Actor), ("entity", used.Entity), ("model", used.Model)];
            foreach (var (dimension, key) in scopes.Where(scope => scope.Item2 is not null))
            {
                var sum = expected.GetValueOrDefault((dimension, key!, used.Day, used.Resource));
                expected[(dimension, key!, used.Day, used.Resource)] =
                    (sum.Charged + used.Charged, sum.Events + events, sum.Tokens + tokens);
            }
        }

        foreach (var row in ledger.Rollups)
        {
            expected.Remove((row.Dimension, row.Key, row.Day, row.Resource), out var sum);
            if (sum != (row.Charged, row.Events, row.Tokens))
            {
                yield return $"L16 the rollup of {row.Dimension} {row.Key} on {row.Day} is {(row.Charged, row.Events, row.Tokens)}, the events say {sum}";
            }
        }

        foreach (var (key, sum) in expected)
        {
            yield return $"L16 there is no rollup of {key}, the events say {sum}";
        }
    }

    private static IEnumerable<string> Differ(string what, long said, long counted) =>
        said == counted ? [] : [$"{what}: {said} and not {counted}"];

    private static string Kinds(HoldHistory hold) => string.Join(", ", hold.Rows.Select(row => $"{row.Seq} {row.Kind} {row.Held} {row.Settled}"));
}
