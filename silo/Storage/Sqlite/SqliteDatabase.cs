using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>
/// The database file of the embedded mode: one writing connection behind a group commit, a few reading ones.
/// A write is on disk when its task completes; a read sees all that completed before it began.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable, IDisposable
{
    private const int ReadersMax = 4;

    private readonly string _connectionString;
    private readonly DataDirectoryLock _lock;
    private readonly SqliteSession _writer;
    private readonly GroupCommit _commits;
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SemaphoreSlim _readerSlots = new(ReadersMax);
    private int _disposed;

    private SqliteDatabase(string connectionString, DataDirectoryLock directoryLock, SqliteSession writer)
    {
        _connectionString = connectionString;
        _lock = directoryLock;
        _writer = writer;
        _commits = new GroupCommit(writer);
    }

    /// <summary>Opens the database of a data directory, made if it is not there, and brings its schema up to date.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process has it.</exception>
    public static SqliteDatabase Open(string dataDirectory, TimeProvider time)
    {
        var directoryLock = DataDirectoryLock.Take(dataDirectory);
        SqliteSession? writer = null;
        try
        {
            var connectionString = new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(dataDirectory, "informer.db"),
                ForeignKeys = true,
                Pooling = false,
            }.ToString();
            writer = Connect(connectionString);
            Migrations.Apply(writer, time);
            return new SqliteDatabase(connectionString, directoryLock, writer);
        }
        catch
        {
            writer?.Dispose();
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs the work in a transaction that it may share with others; it is undone alone when it throws. Cancelled
    /// only before it starts. Any exception but the work's own leaves it unknown whether it was written.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellation) =>
        _commits.WriteAsync(work, cancellation);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteSession> work, CancellationToken cancellation) =>
        _commits.WriteAsync(
            session =>
            {
                work(session);
                return 0;
            },
            cancellation);

    /// <summary>Reads in one snapshot, off the caller's thread: the driver blocks.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        await _readerSlots.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Read(work), cancellation);
        }
        finally
        {
            _readerSlots.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _commits.DrainAsync();
        for (var i = 0; i < ReadersMax; i++)
        {
            await _readerSlots.WaitAsync();
        }

        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        // Last of the connections: closing it moves the write-ahead log into the file.
        _writer.Dispose();
        _lock.Dispose();
        _readerSlots.Dispose();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static SqliteSession Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var settings = connection.CreateCommand();
            settings.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;";
            settings.ExecuteNonQuery();
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private T Read<T>(Func<SqliteSession, T> work)
    {
        if (!_readers.TryTake(out var session))
        {
            session = Connect(_connectionString);
            session.Execute("PRAGMA query_only = ON");
        }

        var reusable = false;
        try
        {
            session.Execute("BEGIN");
            var result = work(session);
            session.Execute("COMMIT");
            reusable = true;
            return result;
        }
        finally
        {
            if (reusable)
            {
                _readers.Add(session);
            }
            else
            {
                session.Dispose();
            }
        }
    }
}
