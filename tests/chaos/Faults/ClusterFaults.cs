using System.Diagnostics;
using Informer.Ai.Deployments;

namespace Informer.Ai.Faults;

/// <summary>
/// The process that hosts the pool is stopped until another one has taken the pool over, and goes on under load,
/// believing that it still is the owner.
/// </summary>
internal sealed class StopHostFault : Fault
{
    private static readonly TimeSpan TakenOverWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GivesUpWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public override string Name => "stop-host";

    public override int Weight => 4;

    public override bool LosesTurns => true;

    public override bool LastsLong => true;

    public override async Task Strike(Deployment deployment, Random random)
    {
        var cluster = (PostgresDeployment)deployment;
        var host = cluster.PoolHost;
        var epoch = PostgresDeployment.EpochOf(host);
        await host.Signal("STOP");
        try
        {
            var started = Stopwatch.StartNew();
            while (cluster.Running.Where(process => process != host).All(process => PostgresDeployment.EpochOf(process) <= epoch))
            {
                if (started.Elapsed > TakenOverWithin)
                {
                    throw new UnhealedException($"nobody took the pool over within {TakenOverWithin.TotalSeconds} s of its host's stop");
                }

                await Task.Delay(LookEvery, TimeProvider.System);
            }

            await Pause(random, 0, 500);
        }
        finally
        {
            await host.Signal("CONT");
        }

        // Declared dead, it is not to go on as a member: it ends by itself, and its supervisor starts another one.
        await host.Exited(GivesUpWithin);
        await deployment.Replace(host);
    }
}

/// <summary>The database crashes, and recovers from its log.</summary>
internal sealed class RestartDatabaseFault : Fault
{
    public override string Name => "restart-database";

    public override int Weight => 2;

    public override async Task Strike(Deployment deployment, Random random)
    {
        var server = ((PostgresDeployment)deployment).Server;
        await server.StopAsync(immediate: true);
        await Pause(random, 0, 500);
        await server.StartAsync();
    }
}

/// <summary>Every session of the database is ended, whatever it is in the middle of.</summary>
internal sealed class EndSessionsFault : Fault
{
    private const int TimesMax = 4;

    public override string Name => "end-sessions";

    public override int Weight => 3;

    public override async Task Strike(Deployment deployment, Random random)
    {
        var cluster = (PostgresDeployment)deployment;
        for (var times = random.Next(1, TimesMax); times > 0; times--)
        {
            await cluster.Server.TerminateSessionsAsync(cluster.Database);
            await Pause(random, 20, 200);
        }
    }
}
