using System.Globalization;
using Informer.Ai.Credits;
using Microsoft.Data.Sqlite;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>How values that SQLite has no type for stand in its columns.</summary>
internal static class SqliteValues
{
    /// <summary>Microseconds, because that is what Postgres keeps of a time: both engines answer alike.</summary>
    public static long ToMicroseconds(this DateTimeOffset moment) =>
        (moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static string ToColumn(this DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string ToColumn(this Guid id) => id.ToString("N");

    public static object ToColumn(this bool value) => value ? 1L : 0L;

    public static DateTimeOffset Moment(this SqliteDataReader row, int column) =>
        DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64(column) * TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset? MomentOrNull(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Moment(column);

    public static Guid Id(this SqliteDataReader row, int column) => Guid.ParseExact(row.GetString(column), "N");

    public static Guid? IdOrNull(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Id(column);

    public static string? TextOrNull(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberOrNull(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetInt64(column);

    public static bool Flag(this SqliteDataReader row, int column) => row.GetInt64(column) != 0;

    public static EntityRef? EntityOrNull(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : new EntityRef(row.GetString(column), row.GetString(column + 1));

    /// <summary>Seven columns in the order of the record.</summary>
    public static TokenUsage Usage(this SqliteDataReader row, int column) => new(
        row.GetInt64(column),
        row.GetInt64(column + 1),
        row.GetInt64(column + 2),
        row.GetInt64(column + 3),
        row.GetInt64(column + 4),
        row.GetInt64(column + 5),
        row.GetInt64(column + 6));
}
