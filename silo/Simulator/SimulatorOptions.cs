using System.Net;

namespace Informer.Ai.Simulator;

/// <summary>Where the simulator listens and how much it remembers; every default works as it is.</summary>
public sealed class SimulatorOptions
{
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>How many of the last requests the log keeps.</summary>
    public int LogCapacity { get; init; } = 10_000;

    /// <summary>The length of a vector when the request names none.</summary>
    public int EmbeddingDimensions { get; init; } = 256;
}
