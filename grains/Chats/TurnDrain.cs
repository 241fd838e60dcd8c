namespace Informer.Ai.Chats;

/// <summary>
/// The turns that run in this process, and the way out for them: on shutdown no new ones begin, the running ones
/// get a bounded time, and what is left is cut and settled.
/// </summary>
public sealed class TurnDrain(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<Turn> _running = [];
    private readonly CancellationTokenSource _ended = new();
    private TaskCompletionSource? _empty;

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

    /// <summary>Lets running turns end by themselves, and cuts those that have not by then.</summary>
    public async Task Drain(TimeSpan patience, CancellationToken cancellation)
    {
        Task empty;
        lock (_gate)
        {
            Draining = true;
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            empty = _running.Count == 0 ? Task.CompletedTask : _empty.Task;
        }

        await WaitUntil(empty, patience, cancellation);
        List<Turn> left;
        lock (_gate)
        {
            left = [.. _running];
        }

        foreach (var turn in left)
        {
            turn.Cut();
        }

        await WaitUntil(empty, patience, cancellation);
        await _ended.CancelAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    /// <summary>A turn begins, unless it is too late for that.</summary>
    internal bool Enter(Turn turn)
    {
        lock (_gate)
        {
            return !Draining && _running.Add(turn);
        }
    }

    internal void Leave(Turn turn)
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

    private async Task WaitUntil(Task done, TimeSpan patience, CancellationToken cancellation) =>
        await Task.WhenAny(done, Task.Delay(patience, time, cancellation));
}
