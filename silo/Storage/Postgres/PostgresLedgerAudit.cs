using System.Data;
using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Informer.Ai.Storage.Postgres;

/// <summary>
/// The second book of the ledger in Postgres. It is read in one snapshot that nothing waits for, and written in
/// a short transaction of its own. What may read the whole ledger is under no time limit.
/// </summary>
public sealed class PostgresLedgerAudit(NpgsqlDataSource source) : ILedgerAudit
{
    public async Task<AuditReading> ReadAsync(
        TenantId tenant, bool full, IReadOnlyList<Scope> scopes, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await Patiently(connection, cancellation);

        Task<List<T>> Query<T>(string sql, Func<NpgsqlDataReader, T> read, Action<NpgsqlCommand>? bind = null) =>
            Rows(connection, sql, read, tenant, bind, cancellation);

        var (epoch, pool, stored, passes) = (await Query(
            AuditSql.Pool, row => (row.GetInt64(0), Totals(row, 1), Totals(row, 5), row.GetInt64(9)))).Single();
        var book = full ? new AuditTotals(0, 0, 0, 0) : stored;
        void After(NpgsqlCommand command) => command.Number(book.Seq);
        void AfterLess(NpgsqlCommand command) => command.Number(book.Seq).With(NpgsqlDbType.Boolean, full);

        var rows = (await Query(
            AuditSql.Rows,
            row => new AuditRows(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)),
            After)).Single();
        var (astray, firstAstray) = (await Query(
            AuditSql.EventsAstray, row => (row.GetInt64(0), row.GetInt64(1)), After)).Single();
        var holds = await Query(AuditSql.OpenHolds, row => (Hold: new HoldId(row.GetGuid(0)), Amount: row.GetInt64(1)));
        var charged = await Query(AuditSql.Scopes, row => row.GetInt64(0), command => Bind(command, scopes));
        return new AuditReading(
            tenant,
            full,
            epoch,
            passes,
            book,
            pool,
            rows,
            astray,
            firstAstray,
            holds.ToDictionary(hold => hold.Hold, hold => hold.Amount),
            await Query(AuditSql.HoldMoves, ToHoldMove, AfterLess),
            await Query(AuditSql.HoldDifferences, ToHoldMove),
            await Query(AuditSql.RollupMoves, ToRollup, AfterLess),
            await Query(AuditSql.RollupDifferences, ToRollup),
            scopes.Zip(charged).ToDictionary(pair => pair.First, pair => pair.Second));
    }

    public async Task<bool> RecordAsync(AuditReading reading, string? failure, CancellationToken cancellation)
    {
        // A full reading starts from nothing: when it fails, that is where the book begins again.
        var book = failure is null ? reading.Pool : reading.Book;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Patiently(connection, cancellation);

        Task<int> Execute(string sql, Action<NpgsqlCommand>? bind = null) =>
            Change(connection, sql, reading.Tenant, bind, cancellation);

        var recorded = await Execute(AuditSql.Record, command => command
            .Number(book.Seq).Number(book.Granted).Number(book.Held).Number(book.Settled)
            .Text(failure).Number(reading.Passes)) == 1;
        if (recorded && failure is null)
        {
            var (gone, there) = (reading.HoldMoves.Where(move => move.Open < 0).ToList(), reading.HoldMoves.Where(move => move.Open >= 0).ToList());
            await Execute(AuditSql.MoveRollups, command => Bind(command, reading.RollupMoves));
            await Execute(AuditSql.CloseHolds, command => command.Column(NpgsqlDbType.Uuid, gone, move => move.Hold.Value));
            await Execute(AuditSql.MoveHolds, command => command
                .Column(NpgsqlDbType.Uuid, there, move => move.Hold.Value)
                .Column(NpgsqlDbType.Bigint, there, move => move.Amount));
        }
        else if (recorded && reading.Full)
        {
            await Execute(AuditSql.EmptyRollups);
            await Execute(AuditSql.EmptyHolds);
        }

        await transaction.CommitAsync(cancellation);
        return recorded;
    }

    public async Task<string?> FindFailureAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return (await Rows(connection, AuditSql.Failure, row => row.TextOrNull(0), tenant, null, cancellation)).SingleOrDefault();
    }

    public Task<IReadOnlyList<TenantId>> TenantsToVerifyAsync(CancellationToken cancellation) =>
        Tenants(AuditSql.TenantsToVerify, cancellation);

    public Task<IReadOnlyList<TenantId>> TenantsAsync(CancellationToken cancellation) =>
        Tenants(AuditSql.Tenants, cancellation);

    public async Task<IReadOnlyList<UsageRollup>> RebuildRollupsAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Patiently(connection, cancellation);

        Task<int> Execute(string sql, Action<NpgsqlCommand>? bind = null) =>
            Change(connection, sql, tenant, bind, cancellation);

        // The first statement has the pool's row: no batch is written until this is, and then only by a new owner.
        await Execute(AuditSql.RaiseEpoch);
        var errors = await Rows(
            connection,
            AuditSql.RollupErrors,
            ToRollup,
            tenant,
            command => command.Number(0).With(NpgsqlDbType.Boolean, true),
            cancellation);
        await Execute(AuditSql.AddRollups, command => BindKeys(command, errors));
        await Execute(AuditSql.CorrectRollups, command => Bind(command, errors));
        await Execute(AuditSql.DropEmptyRollups);
        await transaction.CommitAsync(cancellation);
        return errors;
    }

    // Takes the time it needs, and a plan for the rows it reads: they are few or all, which one plan cannot serve.
    private static async Task Patiently(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SET LOCAL statement_timeout = 0; SET LOCAL plan_cache_mode = force_custom_plan", connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<List<T>> Rows<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, TenantId tenant, Action<NpgsqlCommand>? bind, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Text(tenant.Value);
        bind?.Invoke(command);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        List<T> rows = [];
        while (await row.ReadAsync(cancellation))
        {
            rows.Add(read(row));
        }

        return rows;
    }

    private static async Task<int> Change(
        NpgsqlConnection connection, string sql, TenantId tenant, Action<NpgsqlCommand>? bind, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Text(tenant.Value);
        bind?.Invoke(command);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<IReadOnlyList<TenantId>> Tenants(string sql, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        List<TenantId> tenants = [];
        while (await row.ReadAsync(cancellation))
        {
            tenants.Add(new TenantId(row.GetString(0)));
        }

        return tenants;
    }

    private static void Bind(NpgsqlCommand command, IReadOnlyList<Scope> scopes)
    {
        static DateOnly First(Scope scope) => DateOnly.FromDateTime(scope.Period.Start.UtcDateTime);
        command
            .Column(NpgsqlDbType.Text, scopes, scope => LedgerNames.Of(scope.Kind))
            .Column(NpgsqlDbType.Text, scopes, scope => scope.Key)
            .Column(NpgsqlDbType.Date, scopes, First)
            .Column(NpgsqlDbType.Date, scopes, scope => First(scope).AddMonths(1));
    }

    private static void Bind(NpgsqlCommand command, IReadOnlyList<UsageRollup> rollups) =>
        BindKeys(command, rollups)
            .Column(NpgsqlDbType.Bigint, rollups, rollup => rollup.Charged)
            .Column(NpgsqlDbType.Bigint, rollups, rollup => rollup.Events)
            .Column(NpgsqlDbType.Bigint, rollups, rollup => rollup.Tokens);

    private static NpgsqlCommand BindKeys(NpgsqlCommand command, IReadOnlyList<UsageRollup> rollups) => command
        .Column(NpgsqlDbType.Text, rollups, rollup => LedgerNames.Of(rollup.Dimension))
        .Column(NpgsqlDbType.Text, rollups, rollup => rollup.Key)
        .Column(NpgsqlDbType.Date, rollups, rollup => rollup.Day)
        .Column(NpgsqlDbType.Text, rollups, rollup => rollup.ResourceType);

    private static AuditTotals Totals(NpgsqlDataReader row, int column) =>
        new(row.GetInt64(column), row.GetInt64(column + 1), row.GetInt64(column + 2), row.GetInt64(column + 3));

    private static HoldMove ToHoldMove(NpgsqlDataReader row) =>
        new(new HoldId(row.GetGuid(0)), row.GetInt64(1), row.GetInt64(2));

    private static UsageRollup ToRollup(NpgsqlDataReader row) => new(
        row.GetFieldValue<DateOnly>(2),
        LedgerNames.Dimension(row.GetString(0)),
        row.GetString(1),
        row.GetString(3),
        row.GetInt64(4),
        row.GetInt64(5),
        row.GetInt64(6));
}
