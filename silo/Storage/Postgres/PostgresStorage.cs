using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Memories;
using Informer.Ai.Tenancy;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Informer.Ai.Storage.Postgres;

/// <summary>Everything that is kept, in one database that many processes share.</summary>
public static class PostgresStorage
{
    /// <summary>Supplies what the grains need of storage. Whoever opened the database closes it.</summary>
    public static IServiceCollection AddPostgresStorage(this IServiceCollection services, PostgresDatabase database)
    {
        services.AddSingleton(database);
        services.AddSingleton<ILedger>(new PostgresLedger(database.Ledger));
        services.AddSingleton<ILedgerAudit>(new PostgresLedgerAudit(database.Source));
        services.AddSingleton<IChatStore, PostgresChatStore>();
        services.AddSingleton<ICheckpointStore, PostgresCheckpointStore>();
        services.AddSingleton<IMemoryStore, PostgresMemoryStore>();
        services.AddSingleton<IAccountStore, PostgresAccountStore>();
        return services;
    }

    /// <summary>Keeps grain state in the database of <see cref="AddPostgresStorage"/>, unless a grain names another storage.</summary>
    public static ISiloBuilder AddPostgresGrainStorage(this ISiloBuilder silo)
    {
        silo.Services.AddGrainStorage(
            ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME,
            (provider, _) => ActivatorUtilities.CreateInstance<PostgresGrainStorage>(
                provider, ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(provider)));
        return silo;
    }
}
