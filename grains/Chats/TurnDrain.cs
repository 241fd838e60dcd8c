namespace Informer.Ai.Chats;

/// <summary>
/// The turns and other calls that run in this process, and the way out for them: on shutdown no new ones begin, the running ones
/// get a bounded time, and what is left is cut and settled.
/// </summary>
public sealed class TurnDrain(TimeProvider time) : IDisposable
{
    // For what follows a cut: the settlement, and whoever reads the last events.
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HashSet<IRunning> _running = [];
    private readonly CancellationTokenSource _ended = new();
    private TaskCompletionSource? _empty;
    private TaskCompletionSource? _unwatched;
    private int _watchers;

    /// <summary>No new turn may begin.</summary>
    public bool Draining { get; private set; }

    /// <summary>Everything is settled: whoever still watches a turn may leave.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>How many turns run.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>
    /// Lets running turns end by themselves for a time, cuts those that have not by then, and lets whoever watches them read to
    /// the end. The last two get ten seconds each at the most.
    /// </summary>
    public async Task Drain(TimeSpan patience, CancellationToken cancellation)
    {
        Task empty;
        lock (_gate)
        {
            Draining = true;
            empty = SignalOf(_running.Count, ref _empty);
        }

        await WaitUntil(empty, patience, cancellation);
        List<IRunning> left;
        lock (_gate)
        {
            left = [.. _running];
        }

        foreach (var turn in left)
        {
            turn.Cut();
        }

        await WaitUntil(empty, EndWithin, cancellation);
        Task unwatched;
        lock (_gate)
        {
            unwatched = SignalOf(_watchers, ref _unwatched);
        }

        await WaitUntil(unwatched, EndWithin, cancellation);
        await _ended.CancelAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    /// <summary>A turn begins, unless it is too late for that.</summary>
    internal bool Enter(IRunning turn)
    {
        lock (_gate)
        {
            return !Draining && _running.Add(turn);
        }
    }

    internal void Leave(IRunning turn)
    {
        lock (_gate)
        {
            _running.Remove(turn);
            if (_running.Count == 0)
            {
                _empty?.TrySetResult();
            }
        }
    }

    /// <summary>Somebody reads a turn; disposed when it has read enough.</summary>
    internal Seat Watch()
    {
        lock (_gate)
        {
            _watchers++;
        }

        return new Seat(this);
    }

    private void LeaveSeat()
    {
        lock (_gate)
        {
            if (--_watchers == 0)
            {
                _unwatched?.TrySetResult();
            }
        }
    }

    private static Task SignalOf(int count, ref TaskCompletionSource? signal)
    {
        signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return count == 0 ? Task.CompletedTask : signal.Task;
    }

    private async Task WaitUntil(Task done, TimeSpan patience, CancellationToken cancellation) =>
        await Task.WhenAny(done, Task.Delay(patience, time, cancellation));

    /// <summary>One watcher's place.</summary>
    internal readonly struct Seat(TurnDrain drain) : IDisposable
    {
        public void Dispose() => drain.LeaveSeat();
    }
}
