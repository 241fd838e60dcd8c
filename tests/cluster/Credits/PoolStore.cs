using Informer.Ai.Chats;
using Informer.Ai.Storage.Postgres;
using Informer.Ai.Storage.Sqlite;

namespace Informer.Ai.Credits;

/// <summary>Makes the database that a test's pool lives on.</summary>
public abstract class PoolStores
{
    public static PoolStores Sqlite { get; } = new SqliteStores();

    public static PoolStores On(PostgresFixture postgres) => new PostgresStores(postgres);

    internal abstract Task<PoolStore> Open(TwoClocks clocks);

    private sealed class SqliteStores : PoolStores
    {
        internal override Task<PoolStore> Open(TwoClocks clocks) => Task.FromResult<PoolStore>(new SqlitePoolStore(clocks));
    }

    private sealed class PostgresStores(PostgresFixture postgres) : PoolStores
    {
        internal override async Task<PoolStore> Open(TwoClocks clocks) => new PostgresPoolStore(
            await PostgresDatabase.OpenAsync(await postgres.CreateDatabaseAsync(), clocks, CancellationToken.None));
    }
}

/// <summary>A database under a pool, and a look into its tables.</summary>
internal abstract class PoolStore : IAsyncDisposable
{
    public abstract ILedger Ledger { get; }

    public abstract ILedgerAudit LedgerAudit { get; }

    public abstract ICheckpointStore Checkpoints { get; }

    /// <summary>Lets time pass by the database's clock, if it has one of its own.</summary>
    public virtual Task Pass(TimeSpan time) => Task.CompletedTask;

    /// <summary>Changes the tables beside the service, also what is never changed.</summary>
    public abstract Task Tamper(string sql);

    /// <summary>The numbers that a query answers with, row by row.</summary>
    public abstract Task<IReadOnlyList<long[]>> Rows(string sql);

    public async Task<long> Number(string sql) => (await Rows(sql))[0][0];

    public abstract ValueTask DisposeAsync();
}

internal sealed class SqlitePoolStore : PoolStore
{
    private readonly string _directory = Directory.CreateTempSubdirectory("informer-ai-pool-").FullName;
    private readonly SqliteDatabase _database;

    public SqlitePoolStore(TwoClocks clocks)
    {
        _database = SqliteDatabase.Open(_directory, clocks);
        Ledger = new SqliteLedger(_database, clocks);
        LedgerAudit = new SqliteLedgerAudit(_database, clocks);
        Checkpoints = new SqliteCheckpointStore(_database, clocks);
    }

    public override ILedger Ledger { get; }

    public override ILedgerAudit LedgerAudit { get; }

    public override ICheckpointStore Checkpoints { get; }

    public override Task Tamper(string sql) => _database.WriteAsync(
        session =>
        {
            session.Execute("DROP TRIGGER IF EXISTS ledger_entry_no_update");
            session.Execute("DROP TRIGGER IF EXISTS usage_event_no_update");
            session.Execute(sql);
        },
        CancellationToken.None);

    public override async Task<IReadOnlyList<long[]>> Rows(string sql) => await _database.ReadAsync(
        session => session.Query(sql, row => Enumerable.Range(0, row.FieldCount).Select(row.GetInt64).ToArray()), CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}

internal sealed class PostgresPoolStore(PostgresDatabase database) : PoolStore
{
    public override ILedger Ledger { get; } = new PostgresLedger(database.Ledger);

    public override ILedgerAudit LedgerAudit { get; } = new PostgresLedgerAudit(database.Source);

    public override ICheckpointStore Checkpoints { get; } = new PostgresCheckpointStore(database);

    public override async Task Tamper(string sql)
    {
        await using var command = database.Source.CreateCommand(
            $"""
            DROP TRIGGER IF EXISTS ledger_entry_append_only ON ledger_entry;
            DROP TRIGGER IF EXISTS usage_event_append_only ON usage_event;
            GRANT UPDATE, DELETE ON ledger_entry, usage_event TO CURRENT_USER;
            {sql}
            """);
        await command.ExecuteNonQueryAsync();
    }

    // The server's clock cannot be set: what it has dated is dated back instead.
    public override async Task Pass(TimeSpan time)
    {
        await using var command = database.Source.CreateCommand(
            """
            WITH holds AS (UPDATE credit_hold SET touched_at = touched_at - $1)
            UPDATE turn_checkpoint SET at = at - $1
            """);
        command.Parameters.Add(new Npgsql.NpgsqlParameter<TimeSpan> { TypedValue = time });
        await command.ExecuteNonQueryAsync();
    }

    public override async Task<IReadOnlyList<long[]>> Rows(string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        List<long[]> rows = [];
        while (await row.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, row.FieldCount).Select(row.GetInt64)]);
        }

        return rows;
    }

    public override ValueTask DisposeAsync() => database.DisposeAsync();
}
