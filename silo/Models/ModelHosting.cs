namespace Informer.Ai.Models;

/// <summary>Puts the way to the providers into a host.</summary>
internal static class ModelHosting
{
    /// <summary>Adds it; the host supplies the <see cref="ManagedEndpoint"/> and Data Protection.</summary>
    public static IServiceCollection AddModelClients(this IServiceCollection services, IConfiguration informer)
    {
        services.AddOptions<ProviderOptions>().Bind(informer.GetSection("Providers")).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<AddressGuard>()
            .AddSingleton<ProviderTransport>()
            .AddSingleton<CredentialVault>()
            .AddSingleton<ModelClients>()
            .AddSingleton<IModelClients>(made => made.GetRequiredService<ModelClients>())
            .AddSingleton<IProviderModels>(made => made.GetRequiredService<ModelClients>());
    }
}
