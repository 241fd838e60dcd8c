using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Informer.Ai.Models;
using Informer.Ai.Simulator;
using Informer.Ai.Storage.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace Informer.Ai;

/// <summary>
/// One process with everything in it: web and grains together, SQLite in a directory, a simulator in place of a
/// provider unless a key is given. Owns what must outlive the host.
/// </summary>
public sealed class EmbeddedProfile : IAsyncDisposable
{
    private const string DefaultAddress = "http://127.0.0.1:8080";

    private readonly SqliteDatabase _database;
    private readonly SimulatorServer? _simulator;

    private EmbeddedProfile(SqliteDatabase database, SimulatorServer? simulator) => (_database, _simulator) = (database, simulator);

    /// <summary>Sets a host up.</summary>
    /// <exception cref="StartupException">A setting is impossible, or another process uses the data directory.</exception>
    public static async Task<EmbeddedProfile> Use(WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection("Informer");
        var options = Validated(section);
        var directory = Path.GetFullPath(options.DataDirectory);
        builder.Services.TryAddSingleton(TimeProvider.System);

        var database = Open(directory);
        var (endpoint, simulator) = await Endpoint(builder.Configuration);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Host.UseOrleans(silo =>
        {
            var (siloPort, gatewayPort) = FreePorts();
            silo.UseLocalhostClustering(siloPort, gatewayPort);
            silo.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = "informer-ai");
            silo.AddSqliteGrainStorage();
        });
        builder.Services.AddDataProtection().PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(directory, "keys")));
        builder.Services
            .AddOptions<InformerOptions>().Bind(section).Services
            .AddSingleton(database)
            .AddSqliteStorage(directory)
            .AddGrains(section)
            .AddGateway()
            .AddSingleton(endpoint)
            .AddSingleton<IModelClients, OpenAIModelClients>()
            .AddSingleton(new DataDirectory(directory))
            .AddSingleton<Bootstrap>()
            .AddHostedService(services => services.GetRequiredService<Bootstrap>())
            .AddHostedService<Greeting>()
            .AddHostedService<TurnDrainService>()
            .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds + 60));
        if (simulator is not null)
        {
            builder.Services.Configure<ManagedModelsOptions>(SimulatedModels).AddSingleton(simulator);
        }

        return new EmbeddedProfile(database, simulator);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_simulator is not null)
        {
            await _simulator.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private static InformerOptions Validated(IConfiguration section)
    {
        var options = new InformerOptions();
        try
        {
            section.Bind(options);
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        }
        catch (Exception invalid) when (invalid is ValidationException or InvalidOperationException)
        {
            throw new StartupException(invalid.Message, invalid);
        }

        return options;
    }

    private static SqliteDatabase Open(string directory)
    {
        try
        {
            return SqliteDatabase.Open(directory, TimeProvider.System);
        }
        catch (DataDirectoryInUseException inUse)
        {
            throw new StartupException(inUse.Message, inUse);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"Informer:DataDirectory {directory} cannot be used: {failure.Message} Choose one that this user may write to.", failure);
        }
    }

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

    // Nobody else joins an embedded process, so any two free loopback ports will do.
    private static (int Silo, int Gateway) FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}

/// <summary>The full path of the directory that holds everything of an embedded process.</summary>
public sealed record DataDirectory(string Path)
{
    /// <summary>Where the first start writes who may come in.</summary>
    public string BootstrapFile => System.IO.Path.Combine(Path, "bootstrap.json");
}
