using Informer.Ai.Chats;
using Microsoft.Extensions.Logging;

namespace Informer.Ai.Streaming;

/// <summary>How reading a turn went on.</summary>
internal enum TurnReading
{
    /// <summary>There is a next event.</summary>
    Event = 0,

    /// <summary>The grain has no more.</summary>
    Ended = 1,

    /// <summary>The grain could not be read, also not again.</summary>
    Lost = 2,
}

/// <summary>
/// Reads the events of a turn, each once and in order. A grain that moves or a call that times out breaks the
/// enumerator and not the turn: it is opened again after the last event that came.
/// </summary>
internal sealed partial class TurnReader(
    ITurnGrain grain, TurnId turn, long after, TimeProvider time, ILogger log, CancellationToken cancellation)
    : IAsyncDisposable
{
    private const int ReopeningsMax = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private IAsyncEnumerator<TurnEvent>? events;
    private int reopenings;

    /// <summary>The event that was read last.</summary>
    public TurnEvent Current { get; private set; } = null!;

    /// <summary>Reads on.</summary>
    /// <exception cref="OperationCanceledException">The reader is not wanted any more.</exception>
    public async ValueTask<TurnReading> Next()
    {
        while (true)
        {
            try
            {
                events ??= grain.Watch(turn, after, cancellation).GetAsyncEnumerator(cancellation);
                if (!await events.MoveNextAsync())
                {
                    return TurnReading.Ended;
                }

                if (events.Current.Seq > after)
                {
                    (Current, after, reopenings) = (events.Current, events.Current.Seq, 0);
                    return TurnReading.Event;
                }
            }
            catch (Exception broken) when (!cancellation.IsCancellationRequested)
            {
                await Close();
                if (!CanReopen(broken) || reopenings++ == ReopeningsMax)
                {
                    NotReadable(broken, turn);
                    return TurnReading.Lost;
                }

                await Task.Delay(Pause * (1 << reopenings), time, cancellation);
            }
        }
    }

    public ValueTask DisposeAsync() => Close();

    // Cancelled, but not from here: the silo that was read from is stopping.
    private static bool CanReopen(Exception broken) =>
        broken is EnumerationAbortedException or TimeoutException or OrleansException or OperationCanceledException;

    [LoggerMessage(LogLevel.Warning, "Turn {Turn} cannot be read any more")]
    private partial void NotReadable(Exception exception, TurnId turn);

    private async ValueTask Close()
    {
        var open = events;
        events = null;
        if (open is null)
        {
            return;
        }

        try
        {
            await open.DisposeAsync();
        }
        catch (Exception broken) when (CanReopen(broken))
        {
            // It is being given up: the grain forgets an enumerator that nobody pulls.
        }
    }
}
