using System.Diagnostics;

namespace Informer.Ai.Credits;

/// <summary>The pool's group commit beside one transaction a call, on files with the same tables and durability.</summary>
internal sealed class LedgerBench(bool brief, Report report)
{
    private readonly int[] _callers = brief ? [1, 16, 64] : [1, 16, 256];
    private readonly int _rounds = brief ? 2 : 7;
    private readonly TimeSpan _time = TimeSpan.FromSeconds(brief ? 0.3 : 1.5);

    public async Task Run()
    {
        using var directories = new TestDirectory();
        string New(string name) => Directory.CreateDirectory(Path.Combine(directories.Path, name)).FullName;
        await using var pool = await PoolSide.Start(New("pool"));
        await using var each = new ConnectionEach(New("each"), _callers.Max());
        await using var shared = new ConnectionShared(New("shared"));
        LedgerSide[] sides = [pool, each, shared];
        var pairs = sides.ToDictionary(side => side, _ => 0L);

        report.Line("# The ledger: group commit beside one transaction a call");
        report.Line();
        report.Line("A pair is a reservation and its settlement with usage event and rollups, each durable (WAL, `synchronous=FULL`) before the next call;"
            + " all callers share one tenant. The ratios compare the pool grain with the faster of the two other ways, round by round.");
        foreach (var callers in _callers)
        {
            foreach (var side in sides)
            {
                pairs[side] += (await Measure(side, callers, _time / 2)).Took.Count;
            }

            var rounds = sides.ToDictionary(side => side, _ => new List<Round>());
            for (var round = 0; round < _rounds; round++)
            {
                for (var turn = 0; turn < sides.Length; turn++)
                {
                    var side = sides[(round + turn) % sides.Length];
                    var measured = await Measure(side, callers, _time);
                    rounds[side].Add(measured);
                    pairs[side] += measured.Took.Count;
                }
            }

            Tell(callers, sides, rounds);
        }

        foreach (var side in sides)
        {
            side.Verify(pairs[side]);
        }

        report.Line();
        report.Line($"Afterwards the books of all {sides.Length} files added up, over {pairs.Values.Sum():N0} pairs: granted = available + held + settled, nothing held,"
            + " and usage events and rollups sum to what was settled.");
    }

    private void Tell(int callers, LedgerSide[] sides, Dictionary<LedgerSide, List<Round>> rounds)
    {
        var pool = sides[0];
        List<double> Rates(LedgerSide side) => [.. rounds[side].Select(round => round.PairsPerSecond)];
        var other = sides.Skip(1).MaxBy(side => Rates(side).Median())!;
        report.Heading(callers == 1 ? "One caller" : $"{callers} callers");
        report.Table(
        [
            ["way", "pairs/s", "p50 ms", "p99 ms", "rows a commit"],
            .. sides.Select(side =>
            {
                var took = Samples.Of(rounds[side].Select(round => round.Took));
                return (string[])[
                    side.Name, Rates(side).Median().Text(), took.P50.Text(), took.P99.Text(), rounds[side].Select(round => round.RowsPerCommit).Median().Text()];
            }),
            [
                $"**ratio** to {other.Name.Split(", ")[^1]}",
                $"**{Figures.Ratio(Rates(pool), Rates(other)).Times()}**",
                $"**{Figures.Ratio([.. rounds[pool].Select(round => round.Took.P50)], [.. rounds[other].Select(round => round.Took.P50)]).Times()}**",
                $"**{Figures.Ratio([.. rounds[pool].Select(round => round.Took.P99)], [.. rounds[other].Select(round => round.Took.P99)]).Times()}**",
                "",
            ],
        ]);
    }

    private static async Task<Round> Measure(LedgerSide side, int callers, TimeSpan time)
    {
        var took = new Samples();
        var before = (side as PoolSide)?.Written;
        var started = Stopwatch.GetTimestamp();
        async Task Call(int caller)
        {
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                var began = Stopwatch.GetTimestamp();
                await side.Pair(caller);
                took.Add(Stopwatch.GetElapsedTime(began));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => side.Blocks
            ? Task.Factory.StartNew(
                () => Call(caller).GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Task.Run(() => Call(caller))));
        var wall = Stopwatch.GetElapsedTime(started);
        var rows = before is { } start && side is PoolSide { Written: var end }
            ? (double)(end.Rows - start.Rows) / (end.Commits - start.Commits)
            : 1;
        return new Round(took, took.Count / wall.TotalSeconds, rows);
    }

    private sealed record Round(Samples Took, double PairsPerSecond, double RowsPerCommit);
}
