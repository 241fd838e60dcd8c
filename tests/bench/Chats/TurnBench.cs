using System.Diagnostics;

namespace Informer.Ai.Chats;

/// <summary>What the service adds to a call of a model: to the first token, to each event, and to a crowd.</summary>
internal sealed class TurnBench(bool brief, Report report)
{
    private const int LongTokens = 2_000;
    private const string Short = "Say a little #sim tokens=16";
    private static readonly string Long = $"Say a lot #sim tokens={LongTokens}";
    private static readonly Way[] All = Enum.GetValues<Way>();
    private static readonly Way[] Ours = [Way.Completion, Way.Turn];

    private readonly int _rounds = brief ? 2 : 7;

    public async Task Run()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorProcess.Start();
        await using var service = await Components.Service(directory, simulator);
        using var ways = new Ways(service, simulator);
        var before = await ways.Used();
        foreach (var way in All)
        {
            await Crowd(ways, way, callers: 8, each: brief ? 4 : 100, Short);
            await Crowd(ways, way, callers: 2, each: brief ? 1 : 40, Long);
        }

        report.Line("# A turn beside the bare model call");
        report.Line();
        report.Line("The same question to the simulator, a process of its own, straight and through the service, one after the other in every round;"
            + " one client and one reader of server-sent events for all. A turn is durable twice before its first token: its hold, and the question.");
        await FirstToken(ways, callers: 1, each: brief ? 10 : 60);
        await FirstToken(ways, callers: 32, each: brief ? 2 : 8);
        await EachEvent(ways, service, simulator);
        await Together(ways, callers: brief ? 50 : 200);

        var after = await ways.Used();
        BrokenException.Unless(
            after.Month - before.Month == ways.Credits && after.Pool - before.Pool == ways.Credits,
            $"The answers cost {ways.Credits} credits; the month moved by {after.Month - before.Month}, the pool by {after.Pool - before.Pool}.");
        report.Line();
        report.Line("The budget moved by exactly the credits of all finish events.");
    }

    private async Task FirstToken(Ways ways, int callers, int each)
    {
        var rounds = All.ToDictionary(way => way, _ => new List<Samples>());
        await Rounds(async way => rounds[way].Add((await Crowd(ways, way, callers, each, Short)).First));
        List<double> P50(Way way) => [.. rounds[way].Select(round => round.P50)];
        var direct = Samples.Of(rounds[Way.Direct]);
        report.Heading(callers == 1 ? "Time to the first token, one stream" : $"Time to the first token, {callers} streams at once");
        report.Table(
        [
            ["way", "p50 ms", "p99 ms", "p50 ratio", "p99 ratio", "added at p50, ms"],
            .. All.Select(way =>
            {
                var all = Samples.Of(rounds[way]);
                return (string[])[
                    Name(way),
                    all.P50.Text(),
                    all.P99.Text(),
                    Figures.Ratio(P50(way), P50(Way.Direct)).Times(),
                    (all.P99 / direct.P99).Times(),
                    P50(way).Zip(P50(Way.Direct), (our, their) => our - their).Median().Text()];
            }),
        ]);
    }

    private async Task EachEvent(Ways ways, ServiceProcess service, SimulatorProcess simulator)
    {
        var each = brief ? 2 : 5;
        var wall = All.ToDictionary(way => way, _ => new List<double>());
        var work = Ours.ToDictionary(way => way, _ => new List<(double Service, double Provider)>());
        await Rounds(async way =>
        {
            var questions = await Questions(ways, way, each, Long);
            var (ours, theirs) = (Cpu.Of(service.Id), Cpu.Of(simulator.Id));
            var answers = new List<Answer>();
            foreach (var question in questions)
            {
                answers.Add(await ways.Ask(question));
            }

            var events = answers.Sum(answer => answer.Tokens);
            BrokenException.Unless(
                answers.All(answer => answer.Tokens is > LongTokens / 2 and <= LongTokens), $"{events / each} tokens of {LongTokens} by {Name(way)}.");
            wall[way].Add(answers.Select(answer => answer.Whole.TotalMicroseconds / answer.Tokens).Median());
            if (way != Way.Direct)
            {
                work[way].Add((PerEvent(Cpu.Of(service.Id) - ours), PerEvent(Cpu.Of(simulator.Id) - theirs)));
            }

            double PerEvent(TimeSpan time) => time.TotalMicroseconds / events;
        });
        report.Heading($"Each event of an answer of {LongTokens:N0} tokens, as fast as it comes");
        report.Table(
        [
            ["way", "µs an event", "ratio", "service's CPU µs an event", "provider's"],
            .. All.Select(way => (string[])[
                Name(way),
                wall[way].Median().Text(),
                Figures.Ratio(wall[way], wall[Way.Direct]).Times(),
                way == Way.Direct ? "" : work[way].Select(round => round.Service).Median().Text(),
                way == Way.Direct ? "" : work[way].Select(round => round.Provider).Median().Text()]),
        ]);
    }

    private async Task Together(Ways ways, int callers)
    {
        var wall = All.ToDictionary(way => way, _ => new List<double>());
        await Rounds(async way => wall[way].Add((await Crowd(ways, way, callers, each: 1, Short)).Wall.TotalMilliseconds));
        report.Heading($"{callers} short answers at once");
        report.Table(
        [
            ["way", "ms for all", "ratio", "answers/s"],
            .. All.Select(way => (string[])[
                Name(way),
                wall[way].Median().Text(),
                Figures.Ratio(wall[way], wall[Way.Direct]).Times(),
                (callers * 1_000 / wall[way].Median()).Text()]),
        ]);
    }

    /// <summary>Every way in every round, each time beginning with another one.</summary>
    private async Task Rounds(Func<Way, Task> measure)
    {
        for (var round = 0; round < _rounds; round++)
        {
            for (var turn = 0; turn < All.Length; turn++)
            {
                await measure(All[(round + turn) % All.Length]);
            }
        }
    }

    private static async Task<(Samples First, TimeSpan Wall)> Crowd(Ways ways, Way way, int callers, int each, string text)
    {
        var questions = await Questions(ways, way, callers * each, text);
        var first = new Samples();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(questions.Chunk(each).Select(own => Task.Run(async () =>
        {
            foreach (var question in own)
            {
                first.Add((await ways.Ask(question)).FirstToken);
            }
        })));
        return (first, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<List<HttpRequestMessage>> Questions(Ways ways, Way way, int count, string text)
    {
        var questions = new List<HttpRequestMessage>();
        foreach (var some in Enumerable.Range(0, count).Chunk(16))
        {
            questions.AddRange(await Task.WhenAll(some.Select(_ => ways.Question(way, text))));
        }

        return questions;
    }

    private static string Name(Way way) => way switch
    {
        Way.Direct => "straight to the model",
        Way.Completion => "`_completion`",
        _ => "a chat's turn",
    };
}
