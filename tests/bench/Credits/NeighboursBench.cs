using System.Diagnostics;

namespace Informer.Ai.Credits;

/// <summary>What the others feel of one hot tenant in the same process on the same database: L33.</summary>
internal sealed class NeighboursBench(bool brief, Report report)
{
    private const int Quiet = 16;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(1);

    private readonly int[] _hot = brief ? [0, 16] : [0, 16, 64, 256];
    private readonly int _rounds = brief ? 1 : 5;
    private readonly TimeSpan _time = TimeSpan.FromSeconds(brief ? 1 : 5);

    public async Task Run()
    {
        if (!Components.HavePostgres(report))
        {
            return;
        }

        await using var server = await PostgresServer.CreateAsync();
        await server.LengthenLogAsync(brief ? 8 : 64);
        await using var side = await PoolSide.OnPostgres(await server.CreateDatabaseAsync());
        var neighbours = await Task.WhenAll(Enumerable.Range(0, Quiet).Select(number => side.Neighbour($"quiet{number}")));
        var took = _hot.ToDictionary(hot => hot, _ => new List<Samples>());
        var rates = _hot.ToDictionary(hot => hot, _ => new List<double>());
        for (var round = 0; round < _rounds; round++)
        {
            for (var turn = 0; turn < _hot.Length; turn++)
            {
                var hot = _hot[(round + turn) % _hot.Length];
                var (samples, rate) = await Beside(side, hot, neighbours);
                took[hot].Add(samples);
                rates[hot].Add(rate);
            }
        }

        report.Line("# Neighbours of a hot tenant");
        report.Line();
        report.Line($"{Quiet} tenants do a reservation and its settlement each every {Between.TotalMilliseconds:N0} ms, in one silo on one Postgres,"
            + " beside another tenant whose callers do one after another without a pause. The hot tenant takes all that the machine has left.");
        report.Line();
        List<double> P99(int hot) => [.. took[hot].Select(samples => samples.P99)];
        report.Table(
        [
            ["hot callers", "hot pairs/s", "quiet p50 ms", "quiet p99 ms", "p99 ratio to no hot tenant"],
            .. _hot.Select(hot =>
            {
                var all = Samples.Of(took[hot]);
                return (string[])[$"{hot}", rates[hot].Median().Text(), all.P50.Text(), all.P99.Text(), Figures.Ratio(P99(hot), P99(0)).Times()];
            }),
        ]);
    }

    private async Task<(Samples Took, double Rate)> Beside(PoolSide side, int hot, Func<Task>[] neighbours)
    {
        var (started, took, pairs) = (Stopwatch.GetTimestamp(), new Samples(), 0L);
        bool Running() => Stopwatch.GetElapsedTime(started) < Lead + _time;
        async Task Hot(int caller)
        {
            while (Running())
            {
                await side.Pair(caller);
                Interlocked.Increment(ref pairs);
            }
        }

        async Task Calm(Func<Task> pair, int number)
        {
            await Task.Delay(Between * number / neighbours.Length, TimeProvider.System);
            while (Running())
            {
                var began = Stopwatch.GetTimestamp();
                await pair();
                if (Stopwatch.GetElapsedTime(started, began) >= Lead)
                {
                    took.Add(Stopwatch.GetElapsedTime(began));
                }

                await Task.Delay(Between, TimeProvider.System);
            }
        }

        await Task.WhenAll(
        [
            .. Enumerable.Range(0, hot).Select(caller => Task.Run(() => Hot(caller))),
            .. neighbours.Select((pair, number) => Task.Run(() => Calm(pair, number))),
        ]);
        return (took, pairs / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
