namespace Informer.Ai.Chats;

/// <summary>
/// Writes the checkpoints of all turns of a process together: while one transaction commits, the next one's
/// checkpoints gather, so thousands of turns cost a few writes a second.
/// </summary>
public sealed class CheckpointWriter(ICheckpointStore store)
{
    private readonly Lock _gate = new();
    private List<TurnCheckpoint> _gathered = [];
    private TaskCompletionSource _next = NewSignal();
    private bool _writing;

    /// <summary>Ends when the checkpoint is durable.</summary>
    public Task Write(TurnCheckpoint checkpoint)
    {
        lock (_gate)
        {
            _gathered.Add(checkpoint);
            var written = _next.Task;
            if (!_writing)
            {
                _writing = true;
                using (ExecutionContext.SuppressFlow())
                {
                    _ = Task.Run(WriteAll);
                }
            }

            return written;
        }
    }

    private async Task WriteAll()
    {
        while (true)
        {
            List<TurnCheckpoint> batch;
            TaskCompletionSource done;
            lock (_gate)
            {
                if (_gathered.Count == 0)
                {
                    _writing = false;
                    return;
                }

                (batch, _gathered) = (_gathered, []);
                (done, _next) = (_next, NewSignal());
            }

            try
            {
                await store.WriteAsync(batch, CancellationToken.None);
                done.SetResult();
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
