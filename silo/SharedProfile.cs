using Informer.Ai.Keys;
using Informer.Ai.Memories;
using Informer.Ai.Models;
using Informer.Ai.Simulator;

namespace Informer.Ai;

/// <summary>
/// What every mode sets up alike: the web, the grains, the models, the first start. Owns the simulator that stands
/// in for a provider unless a key is given.
/// </summary>
internal sealed class SharedProfile : IAsyncDisposable
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Informer";

    private const string DefaultAddress = "http://127.0.0.1:8080";

    private readonly SimulatorServer? _simulator;

    private SharedProfile(SimulatorServer? simulator) => _simulator = simulator;

    /// <summary>Adds it to a host that has its actors and its store.</summary>
    /// <exception cref="StartupException">A setting is impossible.</exception>
    public static async Task<SharedProfile> Use(WebApplicationBuilder builder, InformerOptions options, DataDirectory directory)
    {
        var (endpoint, simulator) = await Endpoint(builder.Configuration);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var section = builder.Configuration.GetSection(Section);
        builder.Services.AddMemoryIndex(section.GetSection("Memories:Qdrant"));
        KeyRing.Add(builder.Services, section, directory);
        builder.Services
            .AddOptions<InformerOptions>().Bind(section).Services
            .AddGrains(section)
            .AddGateway()
            .AddSingleton(endpoint)
            .AddModelClients(section)
            .AddSingleton(directory)
            .AddSingleton<Bootstrap>()
            .AddHostedService(services => services.GetRequiredService<Bootstrap>())
            .AddHostedService<Greeting>()
            .AddHostedService<TurnDrainService>()
            .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds + 60));
        if (simulator is not null)
        {
            builder.Services.Configure<ManagedModelsOptions>(SimulatedModels).AddSingleton(simulator);
        }

        return new SharedProfile(simulator);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _simulator?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<(ManagedEndpoint Endpoint, SimulatorServer? Simulator)> Endpoint(IConfiguration configuration)
    {
        try
        {
            if (ManagedEndpoint.Configured(configuration) is { } configured)
            {
                return (configured, null);
            }
        }
        catch (InvalidOperationException invalid)
        {
            throw new StartupException(invalid.Message, invalid);
        }

        var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        return (new ManagedEndpoint(simulator.BaseAddress, "simulator", true), simulator);
    }

    private static void SimulatedModels(ManagedModelsOptions models)
    {
        models.ProviderName = "Simulator";
        models.Everyday = "sim-everyday";
        models.Advanced = "sim-advanced";
        models.Strategic = "sim-strategic";
        models.Embedding = "sim-embedding";
        models.Image = "sim-image";
    }
}
