using Informer.Ai.Deployments;

namespace Informer.Ai.Faults;

/// <summary>kill -9 of a process, and another start over the same data.</summary>
internal sealed class KillFault : Fault
{
    public override string Name => "kill";

    public override int Weight => 4;

    public override bool LosesTurns => true;

    public override async Task Strike(Deployment deployment, Random random)
    {
        var victim = deployment.Running[random.Next(deployment.Running.Count)];
        await victim.Kill();
        await Pause(random, 0, 300);
        await deployment.Replace(victim);
    }
}

/// <summary>SIGTERM in mid-stream, and another start.</summary>
internal sealed class TerminateFault : Fault
{
    // The drain, what follows a cut twice, and what the host takes to end.
    private static readonly TimeSpan ExitWithin = TimeSpan.FromSeconds(30);

    public override string Name => "terminate";

    public override int Weight => 3;

    public override async Task Strike(Deployment deployment, Random random)
    {
        var victim = deployment.Running[random.Next(deployment.Running.Count)];
        await victim.Signal("TERM");
        var code = await victim.Exited(ExitWithin);
        if (code != 0)
        {
            throw new UnhealedException($"The process exited with {code} after SIGTERM.");
        }

        // Of several processes, the others have holds of their own.
        if (deployment.Running.Count == 1 && await deployment.CountOpenHolds() is > 0 and var open)
        {
            throw new UnhealedException($"SIGTERM left {open} open holds.");
        }

        await deployment.Replace(victim);
    }
}

/// <summary>The only process is stopped until every hold is too old, and goes on as if nothing had been.</summary>
internal sealed class StopFault : Fault
{
    public override string Name => "stop";

    public override int Weight => 2;

    public override async Task Strike(Deployment deployment, Random random)
    {
        var victim = deployment.Running[0];
        await victim.Signal("STOP");
        try
        {
            await Task.Delay(Deployment.TimeToLive + TimeSpan.FromMilliseconds(random.Next(100, 700)), TimeProvider.System);
        }
        finally
        {
            await victim.Signal("CONT");
        }
    }
}

/// <summary>Not a byte is left on the disk for a while.</summary>
internal sealed class DiskFullFault : Fault
{
    public override string Name => "disk-full";

    public override int Weight => 2;

    public override bool OnSmallDisk => true;

    public override async Task Strike(Deployment deployment, Random random)
    {
        var disk = ((SqliteDeployment)deployment).Disk!;
        disk.Fill();
        try
        {
            await Pause(random, 300, 1_200);
        }
        finally
        {
            disk.Free();
        }
    }
}
