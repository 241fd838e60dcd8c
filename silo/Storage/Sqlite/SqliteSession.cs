using Microsoft.Data.Sqlite;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>
/// A connection with the statements that were prepared on it, used by one thread at a time. Preparing is most of
/// the cost of a small statement, so each is prepared once for the life of the connection.
/// </summary>
public sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    internal SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>A transaction is open: SQLite ends one by itself when the disk is full or fails.</summary>
    internal bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Runs a statement; answers how many rows it changed.</summary>
    /// <param name="values">The parameters, in the same order at every use of the statement.</param>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        Bind(sql, values).ExecuteNonQuery();

    /// <summary>All rows of a query.</summary>
    public List<T> Query<T>(
        string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var rows = new List<T>();
        using var reader = Bind(sql, values).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The rows of a query until <paramref name="take"/> answers false; the rest is not read.</summary>
    public void QueryWhile(
        string sql, Func<SqliteDataReader, bool> take, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        while (reader.Read() && take(reader))
        {
        }
    }

    /// <summary>The number that a query answers with.</summary>
    public long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        (long)Bind(sql, values).ExecuteScalar()!;

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = _connection.CreateCommand();
            statement.CommandText = sql;
            foreach (var (name, _) in values)
            {
                statement.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            _statements.Add(sql, statement);
        }

        for (var i = 0; i < values.Length; i++)
        {
            statement.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        }

        return statement;
    }
}
