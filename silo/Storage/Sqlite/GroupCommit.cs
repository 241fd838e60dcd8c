using System.Threading.Channels;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>
/// The one writer of the database. What queued while the last transaction committed is the next transaction, so
/// that a sync to disk is shared by everybody who waits; nobody waits for a timer.
/// </summary>
internal sealed class GroupCommit
{
    private const int QueuedMax = 8192;
    private const int JobsPerCommitMax = 1024;

    private readonly SqliteSession _session;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<WriteJob> _queue =
        Channel.CreateBounded<WriteJob>(new BoundedChannelOptions(QueuedMax) { SingleReader = true });

    public GroupCommit(SqliteSession session)
    {
        _session = session;

        // A thread of its own: the driver blocks while it syncs. Unsafe start: the first caller's context
        // (request, trace) must not become that of every later job.
        new Thread(CommitQueued) { IsBackground = true, Name = "sqlite-writer" }.UnsafeStart();
    }

    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellation)
    {
        var job = new WriteJob<T>(work);
        try
        {
            await _queue.Writer.WriteAsync(job, cancellation);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SqliteDatabase));
        }

        await using var registration = cancellation.UnsafeRegister(
            static (queued, token) => ((WriteJob<T>)queued!).TryCancel(token), job);
        return await job.Result;
    }

    /// <summary>Takes no more jobs and waits until those queued are written.</summary>
    public Task DrainAsync()
    {
        _queue.Writer.TryComplete();
        return _drained.Task;
    }

    private void CommitQueued()
    {
        var batch = new List<WriteJob>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < JobsPerCommitMax && _queue.Reader.TryRead(out var job))
            {
                if (job.TryStart())
                {
                    batch.Add(job);
                }
            }

            if (batch.Count > 0)
            {
                Commit(batch);
                batch.Clear();
            }
        }

        _drained.SetResult();
    }

    /// <summary>
    /// Completes every job after the commit and not before. When the transaction as a whole fails all of them
    /// fail, also one that had failed alone: its reason may have been a row that is gone with the transaction.
    /// </summary>
    private void Commit(List<WriteJob> batch)
    {
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            foreach (var job in batch)
            {
                RunAlone(job);
            }

            _session.Execute("COMMIT");
        }
        catch (Exception failure)
        {
            RollBack();
            foreach (var job in batch)
            {
                job.Fail(failure);
            }

            return;
        }

        foreach (var job in batch)
        {
            job.Complete();
        }
    }

    private void RunAlone(WriteJob job)
    {
        _session.Execute("SAVEPOINT job");
        try
        {
            job.Run(_session);
        }
        catch (Exception failure) when (_session.InTransaction)
        {
            _session.Execute("ROLLBACK TO job");
            job.FailAlone(failure);
        }

        _session.Execute("RELEASE job");
    }

    private void RollBack()
    {
        try
        {
            if (_session.InTransaction)
            {
                _session.Execute("ROLLBACK");
            }
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The next BEGIN fails then, and says so to its own callers.
        }
    }

    private abstract class WriteJob
    {
        private int _claimed;

        /// <summary>False when it was cancelled while it waited.</summary>
        public bool TryStart() => Interlocked.Exchange(ref _claimed, 1) == 0;

        public abstract void Run(SqliteSession session);

        public abstract void FailAlone(Exception failure);

        public abstract void Complete();

        public abstract void Fail(Exception failure);
    }

    private sealed class WriteJob<T>(Func<SqliteSession, T> work) : WriteJob
    {
        private readonly TaskCompletionSource<T> _waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? _failure;
        private T? _result;

        public Task<T> Result => _waiter.Task;

        public void TryCancel(CancellationToken cancellation)
        {
            if (TryStart())
            {
                _waiter.SetCanceled(cancellation);
            }
        }

        public override void Run(SqliteSession session) => _result = work(session);

        public override void FailAlone(Exception failure) => _failure = failure;

        public override void Complete()
        {
            if (_failure is null)
            {
                _waiter.SetResult(_result!);
            }
            else
            {
                _waiter.SetException(_failure);
            }
        }

        public override void Fail(Exception failure) => _waiter.SetException(failure);
    }
}
