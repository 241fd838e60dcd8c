using System.Runtime.CompilerServices;

namespace Informer.Ai.Chats;

/// <summary>
/// The events of one turn, kept for every subscriber from the first to the last. Used on its grain's scheduler
/// only, so it needs no lock.
/// </summary>
internal sealed class TurnLog
{
    private readonly List<TurnEvent> _events = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _ended;

    /// <summary>Adds an event, unless the log has ended; the function gets its number.</summary>
    public void Append(Func<long, TurnEvent> make)
    {
        if (_ended)
        {
            return;
        }

        _events.Add(make(_events.Count + 1));
        Signal();
    }

    /// <summary>Nothing follows.</summary>
    public void End()
    {
        _ended = true;
        Signal();
    }

    /// <summary>The events after a number, then live; from the first when there is no such number.</summary>
    public async IAsyncEnumerable<TurnEvent> Read(
        long afterSeq, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var next = afterSeq > _events.Count ? 0 : (int)afterSeq;
        while (true)
        {
            while (next < _events.Count)
            {
                yield return _events[next++];
            }

            if (_ended)
            {
                yield break;
            }

            await _changed.Task.WaitAsync(cancellation);
        }
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
