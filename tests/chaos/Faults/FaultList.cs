using Informer.Ai.Deployments;

namespace Informer.Ai.Faults;

/// <summary>The faults that a store can have here, and the ones that it cannot, with the reason.</summary>
internal sealed record FaultList(IReadOnlyList<Fault> Known, IReadOnlyList<string> Skipped)
{
    public static async Task<FaultList> Of(string store)
    {
        List<Fault> known = [new NoFault(), new KillFault(), new TerminateFault()];
        List<string> skipped = [];
        if (store == "sqlite")
        {
            known.Add(new StopFault());
            if (await SmallDisk.Refused() is { } refused)
            {
                skipped.Add($"disk-full: a disk cannot be mounted here ({refused})");
            }
            else
            {
                known.Add(new DiskFullFault());
            }
        }

        else
        {
            known.AddRange([new StopHostFault(), new RestartDatabaseFault(), new EndSessionsFault()]);
        }

        return new FaultList(known, skipped);
    }

    /// <summary>By name; null when there is no such fault.</summary>
    public Fault? Find(string name) => Known.FirstOrDefault(fault => fault.Name == name);

    /// <summary>By chance.</summary>
    public Fault Draw(Random random)
    {
        var drawn = random.Next(Known.Sum(fault => fault.Weight));
        return Known.First(fault => (drawn -= fault.Weight) < 0);
    }
}
