using Informer.Ai.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Informer.Ai.Storage;

public sealed class SqliteDatabaseTests : IAsyncDisposable
{
    private readonly SqliteUnderTest _storage = new();

    public SqliteDatabaseTests() =>
        _storage.ExecuteAsync("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE)").Wait();

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task L27_A_job_that_fails_in_a_group_fails_alone_and_is_undone()
    {
        var jobs = await InOneGroup(
            session => Add(session, "one"),
            session =>
            {
                Add(session, "half");
                return Add(session, "one");
            },
            session => Add(session, "two"),
            session =>
            {
                Add(session, "lost");
                throw new InvalidOperationException("poisoned");
            },
            session => Add(session, "three"));

        Assert.Equal([false, true, false, true, false], jobs.Select(job => job.IsFaulted));
        Assert.IsType<SqliteException>(jobs[1].Exception!.InnerException);
        Assert.Equal("poisoned", jobs[3].Exception!.InnerException!.Message);
        Assert.Equal(3, await _storage.NumberAsync("SELECT count(*) FROM note WHERE text IN ('one', 'two', 'three')"));
        Assert.Equal(3, await _storage.NumberAsync("SELECT count(*) FROM note"));
    }

    [Fact]
    public async Task L24_A_commit_that_fails_fails_every_job_of_the_group_and_no_later_one()
    {
        await _storage.ExecuteAsync(
            "CREATE TABLE child (note INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)");

        // A deferred constraint is looked at when the transaction commits.
        var jobs = await InOneGroup(
            session => Add(session, "one"),
            session => session.Execute("INSERT INTO child VALUES (999)"),
            session => throw new InvalidOperationException("poisoned"));

        Assert.All(jobs, job => Assert.IsType<SqliteException>(job.Exception!.InnerException));
        Assert.Equal(0, await _storage.NumberAsync("SELECT count(*) FROM note"));
        Assert.Equal(1, await _storage.Database.WriteAsync(session => Add(session, "one"), default));
    }

    [Fact]
    public async Task A_transaction_that_the_database_ends_itself_fails_its_whole_group()
    {
        var jobs = await InOneGroup(
            session => Add(session, "one"),
            session =>
            {
                session.Execute("ROLLBACK");
                throw new InvalidOperationException("disk full");
            },
            session => Add(session, "two"));

        Assert.All(jobs, job => Assert.Equal("disk full", job.Exception!.InnerException!.Message));
        Assert.Equal(0, await _storage.NumberAsync("SELECT count(*) FROM note"));
        Assert.Equal(1, await _storage.Database.WriteAsync(session => Add(session, "three"), default));
    }

    [Fact]
    public async Task A_job_is_cancelled_while_it_waits_and_no_longer_once_it_runs()
    {
        using var waiting = new CancellationTokenSource();
        using var running = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        var started = new TaskCompletionSource();
        var first = _storage.Database.WriteAsync(
            session =>
            {
                started.SetResult();
                gate.Wait();
                return Add(session, "one");
            },
            running.Token);
        await started.Task;
        var second = _storage.Database.WriteAsync(session => Add(session, "two"), waiting.Token);

        await running.CancelAsync();
        await waiting.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.Set();
        await first;

        Assert.Equal(1, await _storage.NumberAsync("SELECT count(*) FROM note"));
    }

    [Fact]
    public async Task A_job_sees_neither_its_callers_context_nor_that_of_whoever_opened_the_database()
    {
        var ambient = new AsyncLocal<string?> { Value = "mine" };
        await _storage.ReopenAsync();

        Assert.Null(await _storage.Database.WriteAsync(_ => ambient.Value, default));
    }

    [Fact]
    public async Task What_is_queued_is_written_before_the_database_closes()
    {
        var jobs = Enumerable.Range(0, 500)
            .Select(i => _storage.Database.WriteAsync(session => Add(session, $"n{i}"), default))
            .ToList();

        await _storage.ReopenAsync();

        Assert.All(jobs, job => Assert.True(job.IsCompletedSuccessfully));
        Assert.Equal(500, await _storage.NumberAsync("SELECT count(*) FROM note"));
    }

    [Fact]
    public async Task A_closed_database_takes_no_more_work()
    {
        var database = _storage.Database;
        await _storage.ReopenAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.WriteAsync(session => Add(session, "x"), default));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.ReadAsync(_ => 1, default));
    }

    [Fact]
    public async Task A_read_cannot_write_and_the_next_read_is_well()
    {
        await Assert.ThrowsAsync<SqliteException>(() =>
            _storage.Database.ReadAsync(session => Add(session, "x"), default));

        Assert.Equal(0, await _storage.NumberAsync("SELECT count(*) FROM note"));
    }

    [Fact]
    public async Task A_commit_waits_for_the_disk()
    {
        Assert.Equal(2, await _storage.Database.WriteAsync(session => session.Number("PRAGMA synchronous"), default));
        Assert.Equal(1, await _storage.Database.WriteAsync(session => session.Number("PRAGMA foreign_keys"), default));
        Assert.True(File.Exists(Path.Combine(_storage.DataDirectory.Path, "informer.db-wal")));
    }

    [Fact]
    public async Task A_database_that_a_newer_program_changed_is_refused_and_left_alone()
    {
        await _storage.ExecuteAsync("INSERT INTO schema_migration (number, name, applied_at) VALUES (9001, 'later', 0)");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(_storage.ReopenAsync);

        Assert.Contains("9001", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", refused.Message, StringComparison.Ordinal);
        using (DataDirectoryLock.Take(_storage.DataDirectory.Path))
        {
            // The refused start has let the directory go.
        }
    }

    [Fact]
    public void L39_A_data_directory_in_use_is_refused_with_its_name_and_what_to_do()
    {
        var refused = Assert.Throws<DataDirectoryInUseException>(() =>
            SqliteDatabase.Open(_storage.DataDirectory.Path, TimeProvider.System));

        Assert.Contains(_storage.DataDirectory.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Stop that process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_data_directory_is_for_its_owners_eyes_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var directory = Path.Combine(_storage.DataDirectory.Path, "deep", "data");

        using (DataDirectoryLock.Take(directory))
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(directory));
        }
    }

    private static int Add(SqliteSession session, string text) =>
        session.Execute("INSERT INTO note (text) VALUES (@text)", ("@text", text));

    /// <summary>Keeps the writer busy until all jobs are queued, so that one transaction takes them together.</summary>
    private async Task<IReadOnlyList<Task<int>>> InOneGroup(params Func<SqliteSession, int>[] jobs)
    {
        using var gate = new ManualResetEventSlim();
        var started = new TaskCompletionSource();
        var busy = _storage.Database.WriteAsync(
            _ =>
            {
                started.SetResult();
                gate.Wait();
                return 0;
            },
            default);
        await started.Task;
        var queued = jobs.Select(job => _storage.Database.WriteAsync(job, default)).ToList();
        gate.Set();
        await busy;
        await Task.WhenAll(queued.Select(job => job.ContinueWith(_ => { }, TaskScheduler.Default)));
        return queued;
    }
}
