using System.Diagnostics.Metrics;

namespace Informer.Ai.Memories;

/// <summary>Instruments of memories; meter <c>Informer.Ai.Memories</c>.</summary>
public sealed class MemoryMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Informer.Ai.Memories";

    private readonly Counter<long> _recalls;
    private readonly Counter<long> _made;
    private readonly Counter<long> _indexFailures;

    public MemoryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _recalls = meter.CreateCounter<long>("informer.memories.recalls", "{recall}", "Recalls into turns by outcome: found, none, denied, late, failed or unavailable.");
        _made = meter.CreateCounter<long>("informer.memories.made", "{memory}", "Memories that were made, by reason.");
        _indexFailures = meter.CreateCounter<long>("informer.memories.index_failures", "{failure}", "Requests that the vector index did not serve, by what was asked.");
    }

    internal void Recalled(string outcome) => _recalls.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void Made(string reason) => _made.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void IndexFailed(string operation) => _indexFailures.Add(1, new KeyValuePair<string, object?>("operation", operation));
}
