using Npgsql;

namespace Informer.Ai.Storage.Postgres;

/// <summary>
/// The turn is a lock of the database, and so ends with the process that has it. One that stops in its turn loses
/// it to <c>idle_in_transaction_session_timeout</c>; the tenant that it still adds then is there already.
/// </summary>
internal sealed class PostgresBootstrapTurn(PostgresDatabase database) : IBootstrapTurn
{
    public async Task<IAsyncDisposable> TakeAsync(CancellationToken cancellation)
    {
        var connection = await database.Source.OpenConnectionAsync(cancellation);
        try
        {
            // Rolled back with the connection.
            await connection.BeginTransactionAsync(cancellation);
            await using var command = new NpgsqlCommand(
                $"SELECT pg_advisory_xact_lock({(long)AdvisoryLock.Bootstrap})", connection);
            await command.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
