using Informer.Ai.Storage.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Informer.Ai.Credits;

/// <summary>
/// What a good engineer would write instead of the pool, on the same tables and the same server: prepared
/// statements, pooled connections, as few round trips as the way allows. They check the pool and not the cap, and
/// know no second try: less than the pool does, in their own favour.
/// </summary>
internal abstract class PostgresSide(PostgresDatabase database) : LedgerSide(new PostgresBooks(database.Source))
{
    protected const string AppendHold =
        """
        INSERT INTO ledger_entry (tenant, seq, epoch, kind, hold_id, granted, held, settled, day, actor, origin)
        """;

    protected const string HoldRow = $$"""'hold', $1, 0, {{RequiredText}}, 0, $2, $3, '{"model":"everyday","provider":"managed"}'""";

    protected const string AppendSettlement =
        """
        INSERT INTO ledger_entry (tenant, seq, epoch, kind, hold_id, granted, held, settled, day, actor)
        """;

    protected const string SettlementRow = $"'settle', $1, 0, -{RequiredText}, {CostText}, $2, $3";

    protected const string AppendEvent =
        """
        INSERT INTO usage_event (
            tenant, seq, hold_id, kind, day, actor, byok, held, cap, gates, resource_type, model_id, held_model_id, provider_id,
            price_version, input_tokens, output_tokens, cache_read_tokens, cache_write_short_tokens, cache_write_long_tokens,
            reasoning_tokens, images, charged, estimated, finish_reason)
        """;

    protected const string EventRow =
        $$"""
        $1, 'settled', $2, $3, false, {{RequiredText}}, {{GrantedText}}, 31, 'ai', 'everyday', 'everyday', 'managed',
            '{"input":0.10,"output":0.40}', 40, 60, 8, 0, 0, 0, 0, {{CostText}}, false, 'stop'
        """;

    protected const string AddToRollups =
        $"""
        INSERT INTO usage_rollup (tenant, dimension, key, day, resource_type, charged, events, tokens)
        VALUES ('{Tenant}', 'tenant', '', $2, 'ai', {CostText}, 1, 108),
            ('{Tenant}', 'actor', $3, $2, 'ai', {CostText}, 1, 108),
            ('{Tenant}', 'model', 'everyday', $2, 'ai', {CostText}, 1, 108)
        ON CONFLICT (tenant, dimension, key, day, resource_type) DO UPDATE
        SET charged = usage_rollup.charged + excluded.charged,
            events = usage_rollup.events + excluded.events,
            tokens = usage_rollup.tokens + excluded.tokens
        """;

    protected const string TakeFromPool =
        $"""
        UPDATE credit_pool SET seq = seq + 1, held = held + {RequiredText}
        WHERE tenant = '{Tenant}' AND granted + granted * slush_permille / 1000 - held - settled >= {RequiredText}
        RETURNING seq
        """;

    protected const string ChargePool =
        $"""
        UPDATE credit_pool SET seq = seq + 1, held = held - {RequiredText}, settled = settled + {CostText}
        WHERE tenant = '{Tenant}' RETURNING seq
        """;

    protected const string CloseHold = $"DELETE FROM credit_hold WHERE tenant = '{Tenant}' AND hold_id = $1";

    private const string RequiredText = "1500";
    private const string CostText = "900";
    private const string GrantedText = "1000000000000000";

    private readonly IdSource _ids = new(TimeProvider.System);

    protected NpgsqlDataSource Source { get; } = database.Source;

    /// <summary>An empty pool with the granted credits in it.</summary>
    public static async Task<PostgresDatabase> Prepare(string connectionString)
    {
        // As many connections as a server of this size is usually given.
        var database = await PostgresDatabase.OpenAsync(connectionString + ";Maximum Pool Size=48", TimeProvider.System, CancellationToken.None);
        await using var command = database.Source.CreateCommand(
            $"""
            INSERT INTO credit_pool VALUES ('{Tenant}', 1, 1, {GrantedText}, 0, 0, 20, false, 1000000);
            INSERT INTO ledger_entry (tenant, seq, epoch, kind, key, granted, held, settled, day)
            VALUES ('{Tenant}', 1, 1, 'grant', 'bench', {GrantedText}, 0, 0, '2026-05-20');
            """);
        await command.ExecuteNonQueryAsync();
        return database;
    }

    public override async Task Pair(int caller)
    {
        var operation = (_ids.Next(), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), $"u{caller}");
        await Reserve(operation);
        await Settle(operation);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    protected abstract Task Reserve((Guid Hold, DateOnly Day, string Actor) operation);

    protected abstract Task Settle((Guid Hold, DateOnly Day, string Actor) operation);

    /// <summary>Hold, day and actor are the first three parameters of every statement, and a number the fourth.</summary>
    protected static void Bind(NpgsqlParameterCollection parameters, (Guid Hold, DateOnly Day, string Actor) operation, long? seq = null)
    {
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = operation.Hold });
        parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = operation.Day, NpgsqlDbType = NpgsqlDbType.Date });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = operation.Actor, NpgsqlDbType = NpgsqlDbType.Text });
        if (seq is { } number)
        {
            parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        }
    }
}

/// <summary>Decision and rows in one statement: one round trip, the row locked for the length of a commit.</summary>
internal sealed class OneStatement(PostgresDatabase database) : PostgresSide(database)
{
    private const string ReserveSql =
        $"""
        WITH pool AS ({TakeFromPool}), entry AS (
            {AppendHold} SELECT '{Tenant}', seq, 1, {HoldRow} FROM pool
        )
        INSERT INTO credit_hold (tenant, hold_id, seq, amount) SELECT '{Tenant}', $1, seq, 1500 FROM pool
        """;

    private const string SettleSql =
        $"""
        WITH hold AS ({CloseHold}), pool AS ({ChargePool}), entry AS (
            {AppendSettlement} SELECT '{Tenant}', seq, 1, {SettlementRow} FROM pool
        ), event AS (
            {AppendEvent} SELECT '{Tenant}', seq, {EventRow} FROM pool
        )
        {AddToRollups}
        """;

    public override string Name => "one statement";

    protected override Task Reserve((Guid Hold, DateOnly Day, string Actor) operation) => Execute(ReserveSql, operation, 1);

    protected override Task Settle((Guid Hold, DateOnly Day, string Actor) operation) => Execute(SettleSql, operation, 3);

    private async Task Execute(string sql, (Guid Hold, DateOnly Day, string Actor) operation, int rows)
    {
        await using var command = Source.CreateCommand(sql);
        Bind(command.Parameters, operation);
        var changed = await command.ExecuteNonQueryAsync();
        BrokenException.Unless(changed == rows, $"{Name}: {changed} rows.");
    }
}

/// <summary>The tenant locked, then the checks and rows in one transaction of a few round trips.</summary>
internal abstract class LockingSide(PostgresDatabase database) : PostgresSide(database)
{
    /// <summary>Statements that stand before the first change, in its round trip.</summary>
    protected virtual string? Lock => null;

    protected override Task Reserve((Guid Hold, DateOnly Day, string Actor) operation) => Transact(
        operation,
        [TakeFromPool],
        [
            $"{AppendHold} VALUES ('{Tenant}', $4, 1, {HoldRow})",
            $"INSERT INTO credit_hold (tenant, hold_id, seq, amount) VALUES ('{Tenant}', $1, $4, 1500)",
        ]);

    protected override Task Settle((Guid Hold, DateOnly Day, string Actor) operation) => Transact(
        operation,
        [ChargePool],
        [
            CloseHold,
            $"{AppendSettlement} VALUES ('{Tenant}', $4, 1, {SettlementRow})",
            $"{AppendEvent} VALUES ('{Tenant}', $4, {EventRow})",
            AddToRollups,
        ]);

    private async Task Transact((Guid Hold, DateOnly Day, string Actor) operation, string[] first, string[] then)
    {
        await using var connection = await Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var taking = new NpgsqlBatch(connection, transaction);
        if (Lock is { } before)
        {
            taking.BatchCommands.Add(new NpgsqlBatchCommand(before));
        }

        foreach (var sql in first)
        {
            taking.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        }

        var seq = await Seq(taking);
        await using var writing = new NpgsqlBatch(connection, transaction);
        foreach (var sql in then)
        {
            var command = new NpgsqlBatchCommand(sql);
            Bind(command.Parameters, operation, seq);
            writing.BatchCommands.Add(command);
        }

        await writing.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private async Task<long> Seq(NpgsqlBatch taking)
    {
        await using var rows = await taking.ExecuteReaderAsync();
        do
        {
            if (rows.FieldCount == 1 && rows.GetName(0) == "seq" && await rows.ReadAsync())
            {
                return rows.GetInt64(0);
            }
        }
        while (await rows.NextResultAsync());
        throw new BrokenException($"{Name}: the pool is exhausted.");
    }
}

/// <summary>The usual way: the pool's row is locked by its update until the transaction ends.</summary>
internal sealed class RowLock(PostgresDatabase database) : LockingSide(database)
{
    public override string Name => "row lock";
}

/// <summary>Callers queue at an advisory lock of the tenant, and not at its row.</summary>
internal sealed class AdvisoryLock(PostgresDatabase database) : LockingSide(database)
{
    public override string Name => "advisory lock";

    protected override string Lock => $"SELECT pg_advisory_xact_lock(hashtext('{Tenant}'))";
}
