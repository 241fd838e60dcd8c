using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
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

// A machine that is too busy lets every call time out, and the books agree about nothing.
const int RoundsToSettle = 3;
Console.WriteLine($"Seed {options.Seed}");
var stopping = false;
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var reached = new Reached();
var started = Stopwatch.StartNew();
var (played, violated) = (0, 0);
await using (var simulator = await SimulatorProcess.Start())
await using (var worlds = new Worlds(options.Store, simulator))
{
    using var provider = new ProviderBook(simulator);
    var (first, last) = options.Only is { } only ? (only, only) : (1, options.Rounds);
    for (var number = first; number <= last && !stopping && !(started.Elapsed > options.TimeLimit); number++)
    {
        var plan = RoundPlan.Of(options.Seed, number, faults, options.Fault);
        var begun = started.Elapsed;
        played++;
        try
        {
            await worlds.Use(plan, Judge);
        }
        catch (Exception failure)
        {
            Console.WriteLine($"round {number}: {plan}: its world could not be made or taken down: {failure}");
            violated++;
        }

        async Task<bool> Judge(World world)
        {
            var violations = await Play(new Round(plan, world, provider, reached));
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

            return violations.Count == 0;
        }
    }
}

Console.WriteLine();
new Report(options).Tell(played, violated, started.Elapsed, reached, faults.Skipped);
if (played > RoundsToSettle && reached.Counts.GetValueOrDefault("settlements") == 0)
{
    Console.WriteLine("Nothing was ever settled: this run has shown nothing.");
    return 1;
}

return violated == 0 ? 0 : 1;

// The round is played to its end: it has processes to end and a disk to unmount.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping = true;
}

// A service that does not come up again, or does not answer at all, is a finding like any other.
static async Task<IReadOnlyList<string>> Play(Round round)
{
    try
    {
        return await round.Play();
    }
    catch (Exception failure)
    {
        return [$"the round broke: {failure}"];
    }
}
