using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Informer.Ai.Chats;

/// <summary>Instruments of turns; meter and activity source <c>Informer.Ai.Chats</c>.</summary>
public sealed class TurnMetrics
{
    /// <summary>The name of the meter and the activity source.</summary>
    public const string Name = "Informer.Ai.Chats";

    internal static readonly ActivitySource Activities = new(Name);

    private readonly UpDownCounter<int> _running;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _firstEvent;
    private readonly Counter<long> _implausible;

    public TurnMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _running = meter.CreateUpDownCounter<int>("informer.turns.running", "{turn}", "Turns in flight.");
        _ended = meter.CreateCounter<long>("informer.turns.ended", "{turn}", "Ended turns by finish reason.");
        _firstEvent = meter.CreateHistogram<double>("informer.turns.first_event", "s", "From the provider call to its first event.");
        _implausible = meter.CreateCounter<long>("informer.turns.implausible_usage", "{turn}", "Turns whose reported usage could not be true.");
    }

    internal void Began() => _running.Add(1);

    internal void Ended(string finishReason)
    {
        _running.Add(-1);
        _ended.Add(1, new KeyValuePair<string, object?>("finish_reason", finishReason));
    }

    internal void FirstEvent(TimeSpan after) => _firstEvent.Record(after.TotalSeconds);

    internal void ImplausibleUsage() => _implausible.Add(1);
}
