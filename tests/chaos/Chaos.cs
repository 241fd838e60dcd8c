using System.Diagnostics;
using System.Globalization;
using Informer.Ai;
using Informer.Ai.Books;
using Informer.Ai.Faults;

if (ChaosOptions.Read(args) is not { } options)
{
    await Console.Error.WriteLineAsync(ChaosOptions.Usage);
    return 2;
}

var faults = await FaultList.Of(options.Store);
if (options.Fault is { } forced && faults.Find(forced) is null)
{
    await Console.Error.WriteLineAsync($"There is no fault {forced} here. There are {string.Join(", ", faults.Known.Select(fault => fault.Name))}. {string.Join(' ', faults.Skipped)}");
    return 2;
}

Console.WriteLine($"Seed {options.Seed}");
var reached = new Reached();
var started = Stopwatch.StartNew();
var (played, violated) = (0, 0);
await using (var simulator = await SimulatorProcess.Start())
await using (var worlds = new Worlds(options.Store, simulator))
{
    using var provider = new ProviderBook(simulator);
    var (first, last) = options.Only is { } only ? (only, only) : (1, options.Rounds);
    for (var number = first; number <= last && !(started.Elapsed > options.TimeLimit); number++)
    {
        var plan = RoundPlan.Of(options.Seed, number, faults, options.Fault);
        var begun = started.Elapsed;
        await worlds.Use(plan, async world =>
        {
            var violations = await new Round(plan, world, provider, reached).Play();
            var took = (started.Elapsed - begun).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            Console.WriteLine($"round {number}: {plan}: {(violations.Count == 0 ? "the books agree" : $"{violations.Count} VIOLATIONS")}, {took} s");
            foreach (var violation in violations)
            {
                Console.WriteLine($"  seed {options.Seed} round {number}: {violation}");
            }

            if (violations.Count > 0)
            {
                Console.WriteLine(world.Deployment.Tail());
                violated++;
            }

            played++;
            return violations.Count == 0;
        });
    }
}

Console.WriteLine();
new Report(options).Tell(played, violated, started.Elapsed, reached, faults.Skipped);
return violated == 0 ? 0 : 1;
