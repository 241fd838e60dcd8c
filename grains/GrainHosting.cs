using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Informer.Ai;

/// <summary>What the grains need beside their ports.</summary>
public static class GrainHosting
{
    /// <summary>
    /// Registers options, metrics and the services of the turn. The host supplies <see cref="ILedger"/>, <see cref="ILedgerAudit"/>,
    /// <see cref="IChatStore"/>, <see cref="ICheckpointStore"/>, <see cref="Tenancy.IAccountStore"/>,
    /// <see cref="IModelClients"/> and grain storage.
    /// </summary>
    public static IServiceCollection AddGrains(this IServiceCollection services, IConfiguration informer)
    {
        services.AddOptions<CreditPoolOptions>().Bind(informer.GetSection("Credits")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TurnOptions>().Bind(informer.GetSection("Turns")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ManagedModelsOptions>().Bind(informer.GetSection("Models")).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<IdSource>()
            .AddSingleton<CreditMetrics>()
            .AddSingleton<TurnMetrics>()
            .AddSingleton<TokenCounter>()
            .AddSingleton<CheckpointWriter>()
            .AddSingleton<TurnDrain>()
            .AddSingleton<TurnServices>()
            .AddSingleton<MeteredCalls>()
            .AddSingleton<ModelCalls>()
            .AddHostedService<TokenCounterLoading>()
            .AddHostedService<HoldSweep>()
            .AddHostedService<LedgerWatch>();
    }
}
