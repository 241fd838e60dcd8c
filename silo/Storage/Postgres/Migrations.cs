using Npgsql;

namespace Informer.Ai.Storage.Postgres;

/// <summary>
/// Brings a database's schema up to date with the numbered files embedded in the program. Of many processes that
/// start at once, one does it and the others wait for it.
/// </summary>
public static class Migrations
{
    private static readonly MigrationFiles Files = new("postgres");

    /// <summary>Applies what is missing, all of it or nothing.</summary>
    /// <exception cref="InvalidOperationException">A newer program has already changed the database.</exception>
    public static async Task ApplyAsync(NpgsqlDataSource source, TimeProvider time, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // A migration, and the wait for another process's, may take longer than any statement of the service.
        await Execute(connection, "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0", cancellation);
        await Execute(connection, $"SELECT pg_advisory_xact_lock({(long)AdvisoryLock.Migrations})", cancellation);
        await Execute(
            connection,
            """
            CREATE TABLE IF NOT EXISTS schema_migration (
                number     bigint      NOT NULL PRIMARY KEY,
                name       text        NOT NULL,
                applied_at timestamptz NOT NULL
            )
            """,
            cancellation);
        foreach (var (number, name, sql) in Files.After(await Applied(connection, cancellation)))
        {
            await Execute(connection, sql, cancellation);
            await using var note = new NpgsqlCommand("INSERT INTO schema_migration VALUES ($1, $2, $3)", connection);
            note.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
            note.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            note.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.GetUtcNow() });
            await note.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static async Task<long> Applied(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(max(number), 0) FROM schema_migration", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
