using Informer.Ai.Credits;
using Npgsql;
using NpgsqlTypes;

namespace Informer.Ai.Storage.Postgres;

/// <summary>How values go into statements and come out of rows. Every parameter has a type, also when it is null.</summary>
internal static class PostgresValues
{
    /// <summary>U+0000, which Postgres cannot keep in a text, becomes the replacement character.</summary>
    public static NpgsqlParameter Text(string name, string? value) =>
        Of(name, NpgsqlDbType.Text, value?.Replace('\0', '\uFFFD'));

    public static NpgsqlParameter Id(string name, Guid? value) => Of(name, NpgsqlDbType.Uuid, value);

    public static NpgsqlParameter Number(string name, long? value) => Of(name, NpgsqlDbType.Bigint, value);

    public static NpgsqlParameter Flag(string name, bool? value) => Of(name, NpgsqlDbType.Boolean, value);

    public static NpgsqlParameter Bytes(string name, byte[]? value) => Of(name, NpgsqlDbType.Bytea, value);

    public static NpgsqlParameter Moment(string name, DateTimeOffset? value) =>
        Of(name, NpgsqlDbType.TimestampTz, value?.UtcDateTime);

    public static NpgsqlParameter Texts(string name, IEnumerable<string> values) =>
        Of(name, NpgsqlDbType.Array | NpgsqlDbType.Text, values.ToArray());

    public static NpgsqlParameter Ids(string name, IEnumerable<Guid?> values) =>
        Of(name, NpgsqlDbType.Array | NpgsqlDbType.Uuid, values.ToArray());

    public static NpgsqlParameter Numbers(string name, IEnumerable<long> values) =>
        Of(name, NpgsqlDbType.Array | NpgsqlDbType.Bigint, values.ToArray());

    public static DateTimeOffset Moment(this NpgsqlDataReader row, int column) =>
        row.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? MomentOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Moment(column);

    public static Guid? IdOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetGuid(column);

    public static string? TextOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetInt64(column);

    public static EntityRef? EntityOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new EntityRef(row.GetString(column), row.GetString(column + 1));

    /// <summary>Seven columns in the order of the record.</summary>
    public static TokenUsage Usage(this NpgsqlDataReader row, int column) => new(
        row.GetInt64(column),
        row.GetInt64(column + 1),
        row.GetInt64(column + 2),
        row.GetInt64(column + 3),
        row.GetInt64(column + 4),
        row.GetInt64(column + 5),
        row.GetInt64(column + 6));

    private static NpgsqlParameter Of(string name, NpgsqlDbType type, object? value) =>
        new(name, type) { Value = value ?? DBNull.Value };
}
