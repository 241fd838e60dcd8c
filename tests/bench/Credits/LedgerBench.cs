using System.Diagnostics;

namespace Informer.Ai.Credits;

/// <summary>The pool's group commit beside one transaction a call, on the same tables with the same durability.</summary>
internal sealed class LedgerBench
{
    // After another way's turn: what it left in caches, collectors and the server's background is not this one's.
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(1);

    private readonly Report _report;
    private readonly LedgerSide[] _sides;
    private readonly int[] _callers;
    private readonly int _rounds;
    private readonly TimeSpan _time;
    private readonly Dictionary<LedgerSide, long> _pairs;
    private readonly Dictionary<(LedgerSide Side, int Callers), List<Round>> _measured = [];

    private LedgerBench(bool brief, Report report, int[] callers, LedgerSide[] sides)
    {
        (_report, _sides, _callers) = (report, sides, callers);
        (_rounds, _time) = brief ? (2, TimeSpan.FromSeconds(0.5)) : (5, TimeSpan.FromSeconds(2));
        _pairs = sides.ToDictionary(side => side, _ => 0L);
    }

    /// <summary>Beside the three ways that need no actor: row lock, one statement, advisory lock.</summary>
    public static async Task OnPostgres(bool brief, Report report)
    {
        if (!Components.HavePostgres(report))
        {
            return;
        }

        await using var server = await PostgresServer.CreateAsync();
        await server.LengthenLogAsync(brief ? 8 : 128);
        await using var pool = await PoolSide.OnPostgres(await server.CreateDatabaseAsync());
        await using var rowLock = new RowLock(await PostgresSide.Prepare(await server.CreateDatabaseAsync()));
        await using var oneStatement = new OneStatement(await PostgresSide.Prepare(await server.CreateDatabaseAsync()));
        await using var advisoryLock = new AdvisoryLock(await PostgresSide.Prepare(await server.CreateDatabaseAsync()));
        report.Line("# The ledger on Postgres: group commit beside three other ways");
        report.Line();
        report.Line("A pair is a reservation and its settlement with usage event and rollups, each durable (`fsync=on`, `synchronous_commit=on`) before"
            + " the next call; all callers share one tenant, each has a month of its own. The other ways have 48 pooled connections, prepared statements and"
            + " no cap to check. The server's write-ahead log is as long as that of one that has run for a while: no commit waits for a new file of it.");
        var bench = new LedgerBench(brief, report, brief ? [1, 16, 64] : [1, 16, 256, 1024], [pool, rowLock, oneStatement, advisoryLock]);
        await bench.Run();
        bench.TellBest(brief ? 64 : 256, rowLock);
    }

    /// <summary>Beside a connection a caller and one that they share.</summary>
    public static async Task OnSqlite(bool brief, Report report)
    {
        using var directories = new TestDirectory();
        string New(string name) => Directory.CreateDirectory(Path.Combine(directories.Path, name)).FullName;
        int[] callers = brief ? [1, 16, 64] : [1, 16, 256];
        await using var pool = await PoolSide.OnSqlite(New("pool"));
        await using var each = new ConnectionEach(New("each"), callers.Max());
        await using var shared = new ConnectionShared(New("shared"));
        report.Line("# The ledger on SQLite: group commit beside one transaction a call");
        report.Line();
        report.Line("A pair is a reservation and its settlement with usage event and rollups, each durable (WAL, `synchronous=FULL`) before the next call;"
            + " all callers share one tenant.");
        await new LedgerBench(brief, report, callers, [pool, each, shared]).Run();
    }

    private async Task Run()
    {
        foreach (var callers in _callers)
        {
            foreach (var side in _sides)
            {
                _pairs[side] += (await Measure(side, callers, _time * 3)).Pairs;
            }

            for (var round = 0; round < _rounds; round++)
            {
                for (var turn = 0; turn < _sides.Length; turn++)
                {
                    var side = _sides[(round + turn) % _sides.Length];
                    var measured = await Measure(side, callers, _time);
                    Rounds(side, callers).Add(measured);
                    _pairs[side] += measured.Pairs;
                }
            }

            Tell(callers);
        }

        foreach (var side in _sides)
        {
            side.Verify(_pairs[side]);
        }

        _report.Line();
        _report.Line($"Afterwards the books of all {_sides.Length} databases added up, over {_pairs.Values.Sum():N0} pairs: granted = available + held + settled,"
            + " nothing held, and usage events and rollups sum to what was settled.");
    }

    private void Tell(int callers)
    {
        var pool = _sides[0];
        _report.Heading(callers == 1 ? "One caller" : $"{callers:N0} callers");
        _report.Table(
        [
            ["way", "pairs/s", "p50 ms", "p99 ms", "rows a commit", "CPU µs a pair", "the pool is faster by"],
            .. _sides.Select(side =>
            {
                var rounds = Rounds(side, callers);
                var took = Samples.Of(rounds.Select(round => round.Took));
                return (string[])[
                    side.Name,
                    Rates(side, callers).Median().Text(),
                    took.P50.Text(),
                    took.P99.Text(),
                    rounds.Select(round => round.RowsPerCommit).Median().Text(),
                    rounds.Select(round => round.CpuPerPair.TotalMicroseconds).Median().Text(),
                    side == pool ? "" : $"**{Figures.Ratio(Rates(pool, callers), Rates(side, callers)).Times()}**"];
            }),
        ]);
    }

    // The others have a best number of callers of their own: there the comparison is the hardest.
    private void TellBest(int callers, LedgerSide usual)
    {
        var pool = _sides[0];
        var best = (from side in _sides.Skip(1) from count in _callers select (Side: side, Callers: count))
            .MaxBy(way => Rates(way.Side, way.Callers).Median());
        _report.Heading("In short");
        _report.Line($"- At {callers} callers the pool does {Figures.Ratio(Rates(pool, callers), Rates(usual, callers)).Times()} the pairs of the {usual.Name}.");
        _report.Line($"- That is {Figures.Ratio(Rates(pool, callers), Rates(best.Side, best.Callers)).Times()} the best of the others at its own best:"
            + $" {best.Side.Name} at {best.Callers} callers.");
        _report.Line($"- With one caller a pair takes {Figures.Ratio(Rates(usual, 1), Rates(pool, 1)).Times()} the time of the {usual.Name}'s.");
    }

    private List<Round> Rounds(LedgerSide side, int callers)
    {
        if (!_measured.TryGetValue((side, callers), out var rounds))
        {
            _measured[(side, callers)] = rounds = [];
        }

        return rounds;
    }

    private List<double> Rates(LedgerSide side, int callers) => [.. Rounds(side, callers).Select(round => round.PairsPerSecond)];

    /// <summary>All callers at once, each with one pair after another; what begins in the first second is not counted.</summary>
    public static async Task<Round> Measure(LedgerSide side, int callers, TimeSpan time)
    {
        var took = new Samples();
        var pairs = 0L;
        var started = Stopwatch.GetTimestamp();
        async Task Call(int caller)
        {
            while (Stopwatch.GetElapsedTime(started) is var at && at < Lead + time)
            {
                var began = Stopwatch.GetTimestamp();
                await side.Pair(caller);
                Interlocked.Increment(ref pairs);
                if (at >= Lead)
                {
                    took.Add(Stopwatch.GetElapsedTime(began));
                }
            }
        }

        var calls = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => side.Blocks
            ? Task.Factory.StartNew(
                () => Call(caller).GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Task.Run(() => Call(caller))));
        await Task.WhenAny(calls, Task.Delay(Lead, TimeProvider.System));
        var before = (side as PoolSide)?.Written;
        var (cpu, done) = (Cpu.Used(), Interlocked.Read(ref pairs));
        var counting = Stopwatch.GetTimestamp();
        await calls;
        var (wall, counted) = (Stopwatch.GetElapsedTime(counting), Interlocked.Read(ref pairs) - done);
        var rows = before is { } start && side is PoolSide { Written: var end }
            ? (double)(end.Rows - start.Rows) / (end.Commits - start.Commits)
            : 1;
        return new Round(took, pairs, counted / wall.TotalSeconds, rows, (Cpu.Used() - cpu) / counted);
    }

    public sealed record Round(Samples Took, long Pairs, double PairsPerSecond, double RowsPerCommit, TimeSpan CpuPerPair);
}
