using Npgsql;
using NpgsqlTypes;

namespace Informer.Ai.Storage.Postgres;

/// <summary>Parameters by position, which spares the driver the search for names in a long statement. Each has a type, also when it is null.</summary>
internal static class PositionalParameters
{
    public static NpgsqlCommand With(this NpgsqlCommand command, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        return command;
    }

    public static NpgsqlCommand Text(this NpgsqlCommand command, string? value) => command.With(NpgsqlDbType.Text, value);

    public static NpgsqlCommand Number(this NpgsqlCommand command, long? value) => command.With(NpgsqlDbType.Bigint, value);

    public static NpgsqlCommand Id(this NpgsqlCommand command, Guid? value) => command.With(NpgsqlDbType.Uuid, value);

    public static NpgsqlCommand Day(this NpgsqlCommand command, DateOnly value) => command.With(NpgsqlDbType.Date, value);

    /// <summary>One column of many rows.</summary>
    public static NpgsqlCommand Column<TRow, TValue>(
        this NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        command.Parameters.Add(new NpgsqlParameter<TValue[]> { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = column });
        return command;
    }
}
