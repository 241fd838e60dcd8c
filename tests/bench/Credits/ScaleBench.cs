using System.Diagnostics;
using System.Globalization;
using Informer.Ai.Storage.Postgres;
using Informer.Ai.Tenancy;
using Npgsql;

namespace Informer.Ai.Credits;

/// <summary>What a long past costs: nothing may grow with it but what is asked to read it all.</summary>
internal sealed class ScaleBench(bool brief, Report report)
{
    private const int Actors = 1_000;
    private const int OpenHolds = 1_000;
    private const int Callers = 256;

    private readonly long _past = brief ? 100_000 : 10_000_000;
    private readonly int _rounds = brief ? 2 : 7;
    private readonly TimeSpan _time = TimeSpan.FromSeconds(brief ? 0.5 : 2);

    public async Task Run()
    {
        if (!Components.HavePostgres(report))
        {
            return;
        }

        await using var server = await PostgresServer.CreateAsync();
        var (old, fresh) = (await server.CreateDatabaseAsync(), await server.CreateDatabaseAsync());
        var (filled, full) = await Fill(old);
        await Hold(old);
        await using var aged = await PoolSide.OnPostgres(old);
        await using var young = await PoolSide.OnPostgres(fresh);
        var before = await Best(() => aged.Pool.Verify(full: false));
        var (agedRates, youngRates) = await Compare(aged, young);
        var rows = 0L;
        var pass = await Timed(async () => rows = Passed(await aged.Pool.Verify(full: false)).RowsChecked);
        var month = await Best(() => Month(old));
        var scan = await Timed(() => Scan(old));

        report.Line($"# A ledger of {_past:N0} rows");
        report.Line();
        report.Line($"One tenant on Postgres with {_past:N0} rows of a month, {Actors:N0} users and {OpenHolds:N0} open holds; made in {filled.TotalSeconds.Text()} s.");
        report.Line();
        report.Table(
            ["what", "time or ratio"],
            [$"activation of its pool, {OpenHolds:N0} holds open", $"{aged.Activated.TotalMilliseconds.Text()} ms"],
            ["the same of an empty one", $"{young.Activated.TotalMilliseconds.Text()} ms"],
            ["verification when nothing is new", $"{before.TotalMilliseconds.Text()} ms"],
            [$"verification of {rows:N0} new rows", $"{pass.TotalMilliseconds.Text()} ms"],
            ["full verification", $"{full.TotalSeconds.Text()} s"],
            ["the month's usage by day, user and model, from rollups", $"{month.TotalMilliseconds.Text()} ms"],
            ["the same summed from the events", $"{scan.TotalMilliseconds.Text()} ms"],
            [$"reserve and settle at {Callers} callers, beside an empty ledger", $"{Figures.Ratio(agedRates, youngRates).Times()} ({agedRates.Median().Text()} and {youngRates.Median().Text()} pairs/s)"]);
    }

    private static LedgerVerification Passed(LedgerVerification verification)
    {
        BrokenException.Unless(verification.Passed, $"The ledger is not sound: {string.Join("; ", verification.Checks)}.");
        return verification;
    }

    private async Task<(List<double> Aged, List<double> Young)> Compare(PoolSide aged, PoolSide young)
    {
        await LedgerBench.Measure(aged, Callers, _time);
        await LedgerBench.Measure(young, Callers, _time);
        var (agedRates, youngRates) = (new List<double>(), new List<double>());
        for (var round = 0; round < _rounds; round++)
        {
            foreach (var side in round % 2 == 0 ? new[] { aged, young } : [young, aged])
            {
                (side == aged ? agedRates : youngRates).Add((await LedgerBench.Measure(side, Callers, _time)).PairsPerSecond);
            }
        }

        return (agedRates, youngRates);
    }

    // Written beside the service, as it would have been written by it; the first verification reads all of it.
    private async Task<(TimeSpan Filled, TimeSpan Verified)> Fill(string connectionString)
    {
        await using var database = await PostgresDatabase.OpenAsync(
            connectionString + ";Command Timeout=0;Options=-c statement_timeout=0", TimeProvider.System, CancellationToken.None);
        var first = new DateOnly(TimeProvider.System.GetUtcNow().Year, TimeProvider.System.GetUtcNow().Month, 1);
        var pairs = (_past / 2).ToString(CultureInfo.InvariantCulture) + "::bigint";
        var day = $"DATE '{first:yyyy-MM-dd}' + (i * 28 / {pairs})::integer";
        var hold = "('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid";
        var actor = $"'u' || i % {Actors}";
        var filled = await Timed(async () =>
        {
            string[] statements =
            [
                $"""
                INSERT INTO credit_pool VALUES ('{LedgerSide.Tenant}', 1, {pairs} * 2 + 1, {LedgerSide.Granted}, 0, {pairs} * {LedgerSide.Cost}, 20, false, 1000000);
                INSERT INTO ledger_entry (tenant, seq, epoch, kind, key, granted, held, settled, day)
                VALUES ('{LedgerSide.Tenant}', 1, 1, 'grant', 'past', {LedgerSide.Granted}, 0, 0, DATE '{first:yyyy-MM-dd}');
                """,
                $$"""
                INSERT INTO ledger_entry (tenant, seq, epoch, kind, hold_id, granted, held, settled, day, actor, origin)
                SELECT '{{LedgerSide.Tenant}}', 2 * i + half, 1, kind, {{hold}}, 0, sign * {{LedgerSide.Required}}, charged, {{day}}, {{actor}}, origin
                FROM generate_series(1, {{pairs}}) AS i,
                    (VALUES (0, 'hold', 1, 0, '{"model":"everyday","provider":"managed"}'), (1, 'settle', -1, {{LedgerSide.Cost}}, NULL))
                        AS step (half, kind, sign, charged, origin)
                """,
                $$"""
                INSERT INTO usage_event (
                    tenant, seq, hold_id, kind, day, actor, byok, held, cap, gates, resource_type, model_id, held_model_id, provider_id,
                    price_version, input_tokens, output_tokens, cache_read_tokens, cache_write_short_tokens, cache_write_long_tokens,
                    reasoning_tokens, images, charged, estimated, finish_reason)
                SELECT '{{LedgerSide.Tenant}}', 2 * i + 1, {{hold}}, 'settled', {{day}}, {{actor}}, false, {{LedgerSide.Required}}, NULL, 31, 'ai', 'everyday',
                    'everyday', 'managed', '{"input":0.10,"output":0.40}', 40, 60, 8, 0, 0, 0, 0, {{LedgerSide.Cost}}, false, 'stop'
                FROM generate_series(1, {{pairs}}) AS i
                """,
                .. new[] { ("tenant", "''"), ("actor", "actor"), ("model", "model_id") }.Select(dimension =>
                    $"""
                    INSERT INTO usage_rollup (tenant, dimension, key, day, resource_type, charged, events, tokens)
                    SELECT tenant, '{dimension.Item1}', {dimension.Item2}, day, resource_type, sum(charged), count(*), sum(input_tokens + output_tokens + cache_read_tokens)
                    FROM usage_event GROUP BY 1, 3, 4, 5
                    """),
                "ANALYZE",
            ];
            foreach (var sql in statements)
            {
                await using var command = database.Source.CreateCommand(sql);
                await command.ExecuteNonQueryAsync();
            }
        });
        var audit = new PostgresLedgerAudit(database.Source);
        var verified = await Timed(async () =>
        {
            var reading = await audit.ReadAsync(new TenantId(LedgerSide.Tenant), true, [], CancellationToken.None);
            BrokenException.Unless(await audit.RecordAsync(reading, null, CancellationToken.None), "The verification was not recorded.");
        });
        return (filled, verified);
    }

    // By the service, and then it ends: its successor starts with them.
    private static async Task Hold(string connectionString)
    {
        await using var side = await PoolSide.OnPostgres(connectionString);
        await Task.WhenAll(Enumerable.Range(0, OpenHolds).Select(i => side.Reserve($"u{i % Actors}")));
    }

    private static Task Month(string connectionString) => Query(
        connectionString,
        $"""
        SELECT dimension, key, day, resource_type, charged, events FROM usage_rollup
        WHERE tenant = '{LedgerSide.Tenant}' AND day >= date_trunc('month', now()) AND day < date_trunc('month', now()) + interval '1 month'
        """);

    private static Task Scan(string connectionString) => Query(
        connectionString,
        $"""
        SELECT actor, model_id, day, resource_type, sum(charged), count(*) FROM usage_event
        WHERE tenant = '{LedgerSide.Tenant}' AND day >= date_trunc('month', now()) AND day < date_trunc('month', now()) + interval '1 month'
        GROUP BY 1, 2, 3, 4
        """);

    private static async Task Query(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Command Timeout=0");
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
        }
    }

    private static async Task<TimeSpan> Timed(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task<TimeSpan> Best(Func<Task> work)
    {
        var best = TimeSpan.MaxValue;
        for (var tries = 0; tries < 3; tries++)
        {
            var took = await Timed(work);
            best = took < best ? took : best;
        }

        return best;
    }
}
