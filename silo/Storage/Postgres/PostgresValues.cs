using Informer.Ai.Credits;
using Npgsql;
using NpgsqlTypes;

namespace Informer.Ai.Storage.Postgres;

/// <summary>How values go into statements and come out of rows. Every parameter has a type, also when it is null.</summary>
internal static class PostgresValues
{
    public static NpgsqlCommand With(this NpgsqlCommand command, string name, string? value) =>
        command.With(name, NpgsqlDbType.Text, value);

    public static NpgsqlCommand With(this NpgsqlCommand command, string name, Guid? value) =>
        command.With(name, NpgsqlDbType.Uuid, value);

    public static NpgsqlCommand With(this NpgsqlCommand command, string name, long? value) =>
        command.With(name, NpgsqlDbType.Bigint, value);

    public static NpgsqlCommand With(this NpgsqlCommand command, string name, bool? value) =>
        command.With(name, NpgsqlDbType.Boolean, value);

    public static NpgsqlCommand With(this NpgsqlCommand command, string name, byte[]? value) =>
        command.With(name, NpgsqlDbType.Bytea, value);

    /// <summary>Kept to the microsecond, as SQLite's twin does.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, string name, DateTimeOffset? value) =>
        command.With(name, NpgsqlDbType.TimestampTz, value?.UtcDateTime);

    public static NpgsqlCommand With(this NpgsqlCommand command, string name, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
        return command;
    }

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
}
