using Informer.Ai.Deployments;

namespace Informer.Ai.Faults;

/// <summary>Something that goes wrong outside the program.</summary>
internal abstract class Fault
{
    /// <summary>As <c>--fault</c> takes it.</summary>
    public abstract string Name { get; }

    /// <summary>How often chance chooses it, beside the others.</summary>
    public abstract int Weight { get; }

    /// <summary>Turns may die with their process, and what they had delivered since their last checkpoint with them.</summary>
    public virtual bool LosesTurns => false;

    /// <summary>It needs a deployment on a disk of its own.</summary>
    public virtual bool OnSmallDisk => false;

    /// <summary>It lasts for seconds, in which clients go on calling.</summary>
    public virtual bool LastsLong => false;

    /// <summary>Lets it happen, and returns when the service should be well again.</summary>
    /// <exception cref="UnhealedException">It is not.</exception>
    public abstract Task Strike(Deployment deployment, Random random);

    /// <summary>A pause of chance.</summary>
    protected static Task Pause(Random random, int millisecondsMin, int millisecondsMax) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(millisecondsMin, millisecondsMax)), TimeProvider.System);
}

/// <summary>The service did not come out of a fault as it should have.</summary>
internal sealed class UnhealedException(string message) : Exception(message);

/// <summary>Nothing.</summary>
internal sealed class NoFault : Fault
{
    public override string Name => "none";

    public override int Weight => 3;

    public override Task Strike(Deployment deployment, Random random) => Task.CompletedTask;
}
