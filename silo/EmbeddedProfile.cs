using System.Net;
using System.Net.Sockets;
using Informer.Ai.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace Informer.Ai;

/// <summary>
/// One process with everything in it: web and grains together, SQLite in a directory. Owns what must outlive the
/// host.
/// </summary>
internal sealed class EmbeddedProfile : IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SharedProfile _shared;

    private EmbeddedProfile(SqliteDatabase database, SharedProfile shared) => (_database, _shared) = (database, shared);

    /// <summary>Sets a host up.</summary>
    /// <exception cref="StartupException">A setting is impossible, or another process uses the data directory.</exception>
    public static async Task<EmbeddedProfile> Use(WebApplicationBuilder builder, InformerOptions options)
    {
        var directory = new DataDirectory(Path.GetFullPath(options.DataDirectory));
        builder.Services.TryAddSingleton(TimeProvider.System);
        var database = Open(directory);
        builder.Host.UseOrleans(silo =>
        {
            var (siloPort, gatewayPort) = FreePorts();
            silo.UseLocalhostClustering(siloPort, gatewayPort);
            silo.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = "informer-ai");
            silo.AddSqliteGrainStorage();
        });
        builder.Services
            .AddSingleton(database)
            .AddSqliteStorage(directory.Path)
            .AddSingleton<IBootstrapTurn, OnlyProcess>();
        return new EmbeddedProfile(database, await SharedProfile.Use(builder, options, directory));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _shared.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static SqliteDatabase Open(DataDirectory directory)
    {
        try
        {
            return SqliteDatabase.Open(directory.Path, TimeProvider.System);
        }
        catch (Exception refused) when (refused is DataDirectoryInUseException or InvalidOperationException)
        {
            throw new StartupException(refused.Message, refused);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw directory.Unusable(failure);
        }
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

    /// <summary>The lock of the data directory has seen to it that there is no other.</summary>
    private sealed class OnlyProcess : IBootstrapTurn, IAsyncDisposable
    {
        public Task<IAsyncDisposable> TakeAsync(CancellationToken cancellation) => Task.FromResult<IAsyncDisposable>(this);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
