using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace Informer.Ai.Books;

/// <summary>
/// Reads the ledger with statements that both engines understand. What differs is how they hand over ids, days and
/// times.
/// </summary>
internal static class LedgerReading
{
    public static async Task<LedgerBook> Read(DbConnection connection, string beginSnapshot)
    {
        await using (var begin = connection.CreateCommand())
        {
            begin.CommandText = beginSnapshot;
            await begin.ExecuteNonQueryAsync();
        }

        var pools = await Rows(
            connection,
            "SELECT epoch, seq, granted, held, settled, slush_permille, pay_as_you_go FROM credit_pool WHERE tenant = 'demo'",
            row => new PoolRow(
                row.Number(0), row.Number(1), row.Number(2), row.Number(3), row.Number(4), row.Number(5), row.Flag(6)));
        return new LedgerBook(
            pools.SingleOrDefault() ?? new PoolRow(0, 0, 0, 0, 0, 0, false),
            await Rows(
                connection,
                """
                SELECT seq, epoch, kind, hold_id, granted, held, settled, day, actor, entity_type, entity_id, at, origin
                FROM ledger_entry WHERE tenant = 'demo' ORDER BY seq
                """,
                row => new LedgerRow(
                    row.Number(0), row.Number(1), row.Text(2)!, row.Text(3), row.Number(4), row.Number(5), row.Number(6), row.Text(7)!,
                    row.Text(8), row.Entity(9), row.Moment(11), CapOf(row.Text(12)))),
            await Rows(
                connection,
                "SELECT hold_id, amount FROM credit_hold WHERE tenant = 'demo'",
                row => new OpenHoldRow(row.Text(0)!, row.Number(1))),
            await Rows(
                connection,
                """
                SELECT seq, hold_id, kind, day, actor, entity_type, entity_id, resource_type, model_id, input_tokens,
                    output_tokens, cache_read_tokens, cache_write_short_tokens + cache_write_long_tokens, charged, estimated,
                    finish_reason
                FROM usage_event WHERE tenant = 'demo' ORDER BY seq
                """,
                row => new UsageRow(
                    row.Number(0), row.Text(1)!, row.Text(2)!, row.Text(3)!, row.Text(4)!, row.Entity(5), row.Text(7)!, row.Text(8)!,
                    row.Number(9), row.Number(10), row.Number(11), row.Number(9) + row.Number(10) + row.Number(11) + row.Number(12),
                    row.Number(13), row.Flag(14), row.Text(15)!)),
            await Rows(
                connection,
                "SELECT dimension, key, day, resource_type, charged, events, tokens FROM usage_rollup WHERE tenant = 'demo'",
                row => new RollupRow(
                    row.Text(0)!, row.Text(1)!, row.Text(2)!, row.Text(3)!, row.Number(4), row.Number(5), row.Number(6))),
            (await Rows(
                connection,
                "SELECT username, id FROM app_user WHERE tenant = 'demo'",
                row => (Name: row.Text(0)!, Id: row.Text(1)!))).ToDictionary(user => user.Name, user => user.Id),
            (await Rows(
                connection,
                "SELECT entity_type, entity_id, micro_credits FROM entity_budget WHERE tenant = 'demo'",
                row => (Entity: row.Entity(0)!, Limit: row.IsDBNull(2) ? (long?)null : row.Number(2))))
                .ToDictionary(budget => budget.Entity, budget => budget.Limit));
    }

    private static async Task<List<T>> Rows<T>(DbConnection connection, string sql, Func<DbDataReader, T> read)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static long Number(this DbDataReader row, int column) => Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);

    private static bool Flag(this DbDataReader row, int column) => Convert.ToBoolean(row.GetValue(column), CultureInfo.InvariantCulture);

    private static string? Text(this DbDataReader row, int column) => row.GetValue(column) switch
    {
        DBNull => null,
        Guid id => id.ToString("N"),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture),
    };

    private static string? Entity(this DbDataReader row, int column) =>
        row.Text(column) is { } type ? $"{type}:{row.Text(column + 1)}" : null;

    private static DateTimeOffset Moment(this DbDataReader row, int column) => row.GetValue(column) switch
    {
        long microseconds => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond),
        DateTime moment => new DateTimeOffset(moment.ToUniversalTime()),
        var other => throw new InvalidOperationException($"{other.GetType()} is no time."),
    };

    private static long? CapOf(string? origin)
    {
        if (origin is null)
        {
            return null;
        }

        using var hold = JsonDocument.Parse(origin);
        return hold.RootElement.TryGetProperty("cap", out var cap) && cap.ValueKind == JsonValueKind.Number ? cap.GetInt64() : null;
    }
}
