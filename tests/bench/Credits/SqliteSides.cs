using Informer.Ai.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Informer.Ai.Credits;

/// <summary>
/// What would be written without the pool: one transaction a call on the same tables. It checks the pool and not
/// the cap, and knows no second try: less than the pool does, in its own favour.
/// </summary>
internal abstract class SqliteSide : LedgerSide
{
    private readonly IdSource _ids = new(TimeProvider.System);

    protected SqliteSide(string directory)
        : base(new SqliteBooks(directory))
    {
        SqliteDatabase.Open(directory, TimeProvider.System).Dispose();
        using var connection = SqliteBooks.Connect(directory);
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            INSERT INTO credit_pool VALUES ('{Tenant}', 1, 1, {Granted}, 0, 0, 20, 0, 1000000);
            INSERT INTO ledger_entry (tenant, seq, epoch, kind, key, granted, held, settled, day, at)
            VALUES ('{Tenant}', 1, 1, 'grant', 'bench', {Granted}, 0, 0, '2026-05-20', 0);
            """;
        command.ExecuteNonQuery();
    }

    protected (string Name, object Value)[] Operation(int caller)
    {
        var now = TimeProvider.System.GetUtcNow();
        return
        [
            ("@hold", _ids.Next().ToString("N")),
            ("@actor", $"u{caller}"),
            ("@day", now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
            ("@now", now.ToUnixTimeMilliseconds() * 1_000),
        ];
    }

    /// <summary>The statements of one connection, each prepared once.</summary>
    protected sealed class Statements(SqliteConnection connection) : IDisposable
    {
        private static readonly string TakeFromPool =
            $"""
            UPDATE credit_pool SET seq = seq + 1, held = held + {Required}
            WHERE tenant = '{Tenant}' AND granted + granted * slush_permille / 1000 - held - settled >= {Required}
            RETURNING seq
            """;

        private static readonly string AppendHold =
            $$"""
            INSERT INTO ledger_entry (tenant, seq, epoch, kind, hold_id, granted, held, settled, day, actor, origin, at)
            VALUES ('{{Tenant}}', @seq, 1, 'hold', @hold, 0, {{Required}}, 0, @day, @actor, '{"model":"everyday","provider":"managed"}', @now)
            """;

        private static readonly string OpenHold =
            $"INSERT INTO credit_hold (tenant, hold_id, seq, amount, touched_at) VALUES ('{Tenant}', @hold, @seq, {Required}, @now)";

        private static readonly string CloseHold =
            $"DELETE FROM credit_hold WHERE tenant = '{Tenant}' AND hold_id = @hold RETURNING amount";

        private static readonly string ChargePool =
            $"""
            UPDATE credit_pool SET seq = seq + 1, held = held - @held, settled = settled + {Cost} WHERE tenant = '{Tenant}'
            RETURNING seq
            """;

        private static readonly string AppendSettlement =
            $"""
            INSERT INTO ledger_entry (tenant, seq, epoch, kind, hold_id, granted, held, settled, day, actor, at)
            VALUES ('{Tenant}', @seq, 1, 'settle', @hold, 0, -@held, {Cost}, @day, @actor, @now)
            """;

        private static readonly string AppendEvent =
            $$"""
            INSERT INTO usage_event (
                tenant, seq, hold_id, kind, day, actor, byok, held, cap, gates, resource_type, model_id, held_model_id, provider_id,
                price_version, input_tokens, output_tokens, cache_read_tokens, cache_write_short_tokens, cache_write_long_tokens,
                reasoning_tokens, images, charged, estimated, finish_reason, at)
            VALUES (
                '{{Tenant}}', @seq, @hold, 'settled', @day, @actor, 0, @held, {{Granted}}, 31, 'ai', 'everyday', 'everyday', 'managed',
                '{"input":0.10,"output":0.40}', {{Usage.Input}}, {{Usage.Output}}, {{Usage.CacheRead}}, 0, 0, 0, 0, {{Cost}}, 0, 'stop', @now)
            """;

        private static readonly string AddToRollups =
            $"""
            INSERT INTO usage_rollup (tenant, dimension, key, day, resource_type, charged, events, tokens)
            VALUES ('{Tenant}', 'tenant', '', @day, 'ai', {Cost}, 1, {Usage.Total}),
                ('{Tenant}', 'actor', @actor, @day, 'ai', {Cost}, 1, {Usage.Total}),
                ('{Tenant}', 'model', 'everyday', @day, 'ai', {Cost}, 1, {Usage.Total})
            ON CONFLICT DO UPDATE
            SET charged = charged + excluded.charged, events = events + excluded.events, tokens = tokens + excluded.tokens
            """;

        private readonly Dictionary<string, SqliteCommand> _prepared = [];

        public void Reserve((string Name, object Value)[] values) => Transact(() =>
        {
            var seq = Execute(TakeFromPool) ?? throw new BrokenException("The pool is exhausted.");
            values = [.. values, ("@seq", seq)];
            Execute(AppendHold, values);
            Execute(OpenHold, values);
        });

        public void Settle((string Name, object Value)[] values) => Transact(() =>
        {
            var held = Execute(CloseHold, values) ?? throw new BrokenException("A hold is not open.");
            var seq = Execute(ChargePool, ("@held", held))!;
            values = [.. values, ("@held", held), ("@seq", seq)];
            Execute(AppendSettlement, values);
            Execute(AppendEvent, values);
            Execute(AddToRollups, values);
        });

        public void Dispose()
        {
            foreach (var command in _prepared.Values)
            {
                command.Dispose();
            }

            connection.Dispose();
        }

        private void Transact(Action work)
        {
            Execute("BEGIN IMMEDIATE");
            work();
            Execute("COMMIT");
        }

        private object? Execute(string sql, params (string Name, object Value)[] values)
        {
            if (!_prepared.TryGetValue(sql, out var command))
            {
                command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants.
                command.CommandText = sql;
#pragma warning restore CA2100
                foreach (var (name, value) in values.Where(value => sql.Contains(value.Name, StringComparison.Ordinal)))
                {
                    command.Parameters.AddWithValue(name, value);
                }

                _prepared[sql] = command;
            }

            foreach (var (name, value) in values)
            {
                if (command.Parameters.IndexOf(name) is >= 0 and var at)
                {
                    command.Parameters[at].Value = value;
                }
            }

            return command.ExecuteScalar();
        }
    }
}

/// <summary>A connection for each caller: SQLite lets one of them write.</summary>
internal sealed class ConnectionEach(string directory, int callersMax) : SqliteSide(directory)
{
    private readonly Statements?[] _callers = new Statements?[callersMax];
    private readonly string _directory = directory;

    public override string Name => "a transaction a call, a connection a caller";

    public override bool Blocks => true;

    public override Task Pair(int caller)
    {
        var own = _callers[caller] ??= new Statements(SqliteBooks.Connect(_directory));
        var operation = Operation(caller);
        own.Reserve(operation);
        own.Settle(operation);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var caller in _callers)
        {
            caller?.Dispose();
        }

        return base.DisposeAsync();
    }
}

/// <summary>One connection, and a queue of the callers before it.</summary>
internal sealed class ConnectionShared : SqliteSide
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Statements _statements;

    public ConnectionShared(string directory)
        : base(directory) => _statements = new Statements(SqliteBooks.Connect(directory));

    public override string Name => "a transaction a call, one guarded connection";

    public override async Task Pair(int caller)
    {
        var operation = Operation(caller);
        await Guarded(() => _statements.Reserve(operation));
        await Guarded(() => _statements.Settle(operation));
    }

    public override ValueTask DisposeAsync()
    {
        _statements.Dispose();
        _gate.Dispose();
        return base.DisposeAsync();
    }

    private async Task Guarded(Action work)
    {
        await _gate.WaitAsync();
        try
        {
            work();
        }
        finally
        {
            _gate.Release();
        }
    }
}
