using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Informer.Ai.Credits;

/// <summary>What a side has written, to be read when it is done.</summary>
internal interface IBooks
{
    long Number(string sql);
}

internal sealed class SqliteBooks(string directory) : IBooks
{
    public long Number(string sql)
    {
        using var connection = Connect(directory);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>A connection set up as the service's own.</summary>
    public static SqliteConnection Connect(string directory)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(directory, "informer.db"),
            ForeignKeys = true,
            Pooling = false,
        }.ToString());
        connection.Open();
        using var settings = connection.CreateCommand();
        settings.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000;";
        settings.ExecuteNonQuery();
        return connection;
    }
}

internal sealed class PostgresBooks(NpgsqlDataSource source) : IBooks
{
    public long Number(string sql)
    {
        using var command = source.CreateCommand(sql);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
