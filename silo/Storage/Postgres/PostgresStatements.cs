using Npgsql;

namespace Informer.Ai.Storage.Postgres;

/// <summary>Runs statements, each call on a connection of its own that it gives back at once.</summary>
internal static class PostgresStatements
{
    /// <summary>All rows of a query.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlDataSource source,
        string sql,
        IEnumerable<NpgsqlParameter> values,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddRange(values.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.RowsAsync(read, cancellation);
    }

    /// <summary>Runs a statement; answers how many rows it changed.</summary>
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource source, string sql, IEnumerable<NpgsqlParameter> values, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddRange(values.ToArray());
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>One more statement of a batch, which is one round trip and, by itself, one transaction.</summary>
    public static NpgsqlBatch Add(this NpgsqlBatch batch, string sql, IEnumerable<NpgsqlParameter> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(values.ToArray());
        batch.BatchCommands.Add(command);
        return batch;
    }

    /// <summary>All rows of the current result.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
