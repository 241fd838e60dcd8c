using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Memories;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>Everything that is kept, in one embedded database: a newcomer needs nothing else.</summary>
public static class SqliteStorage
{
    /// <summary>
    /// Supplies what the grains need of storage from a database in this directory. The host does not start when
    /// another process has the directory, or a newer program has changed the database.
    /// </summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string dataDirectory)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
            SqliteDatabase.Open(dataDirectory, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ILedger, SqliteLedger>();
        services.AddSingleton<ILedgerAudit, SqliteLedgerAudit>();
        services.AddSingleton<IChatStore, SqliteChatStore>();
        services.AddSingleton<ICheckpointStore, SqliteCheckpointStore>();
        services.AddSingleton<IMemoryStore, SqliteMemoryStore>();
        services.AddSingleton<IAccountStore, SqliteAccountStore>();
        return services.AddHostedService<OpenAtStart>();
    }

    /// <summary>Keeps grain state in the database of <see cref="AddSqliteStorage"/>, unless a grain names another storage.</summary>
    public static ISiloBuilder AddSqliteGrainStorage(this ISiloBuilder silo)
    {
        silo.Services.AddGrainStorage(
            ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME,
            (provider, _) => ActivatorUtilities.CreateInstance<SqliteGrainStorage>(
                provider, ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(provider)));
        return silo;
    }

    /// <summary>Needs the database, and so opens it with the host and not at the first request.</summary>
    private sealed class OpenAtStart(SqliteDatabase database) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = database;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
