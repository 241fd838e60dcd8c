using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Informer.Ai.Storage.Postgres;

/// <summary>A process that cannot reach the database gets no requests.</summary>
internal sealed class PostgresHealth(PostgresDatabase database) : IHealthCheck
{
    private const int Seconds = 3;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.Source.CreateCommand("SELECT 1");
            command.CommandTimeout = Seconds;
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException failure)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", failure);
        }
    }
}
