using System.Net;
using System.Net.Sockets;
using Informer.Ai.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Orleans.Configuration;

namespace Informer.Ai;

/// <summary>
/// One of many processes, each with web and grains, that share a Postgres: it holds what is kept and who takes
/// part. Owns what must outlive the host.
/// </summary>
internal sealed class ClusterProfile : IAsyncDisposable
{
    private const string ConnectionString = "ConnectionStrings:Postgres";

    private readonly PostgresDatabase _database;
    private readonly SharedProfile _shared;

    private ClusterProfile(PostgresDatabase database, SharedProfile shared) => (_database, _shared) = (database, shared);

    /// <summary>Sets a host up.</summary>
    /// <exception cref="StartupException">A setting is impossible, or the database cannot be used.</exception>
    public static async Task<ClusterProfile> Use(WebApplicationBuilder builder, InformerOptions options)
    {
        var address = Address(options);
        var directory = Directory(options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        var database = await Open(builder.Configuration[ConnectionString]);
        builder.Host.UseOrleans(silo =>
        {
            silo.UseAdoNetClustering(membership =>
            {
                membership.Invariant = "Npgsql";
                membership.DataSource = database.Source;
            });
            silo.ConfigureEndpoints(address, options.SiloPort, options.OrleansGatewayPort);
            silo.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.ClusterId;
                cluster.ServiceId = options.ServiceId;
            });
            silo.Configure<ClusterMembershipOptions>(Liveness);
            silo.AddPostgresGrainStorage();
        });
        builder.Services
            .AddPostgresStorage(database)
            .AddSingleton<IBootstrapTurn, PostgresBootstrapTurn>()
            .AddHealthChecks().AddCheck<PostgresHealth>("postgres");
        return new ClusterProfile(database, await SharedProfile.Use(builder, options, directory));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _shared.DisposeAsync();
        await _database.DisposeAsync();
    }

    // A killed process is found out within two seconds and a stopped one within five. Faster ones took a busy
    // process for a dead one.
    private static void Liveness(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 2;
        membership.NumVotesForDeathDeclaration = 2;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
    }

    private static IPAddress Address(InformerOptions options)
    {
        if (!IPAddress.TryParse(options.AdvertisedAddress, out var address)
            || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            throw new StartupException(
                "Informer:AdvertisedAddress must be the IP address at which the other processes reach this one, such as "
                + "10.0.0.7; leave it out when all of them run on this machine.");
        }

        if (options.SiloPort == options.OrleansGatewayPort)
        {
            throw new StartupException(
                $"Informer:SiloPort and Informer:OrleansGatewayPort are both {options.SiloPort}: choose two ports.");
        }

        RequireFree("Informer:SiloPort", address, options.SiloPort);
        RequireFree("Informer:OrleansGatewayPort", address, options.OrleansGatewayPort);
        return address;
    }

    private static void RequireFree(string key, IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new StartupException(
                $"Informer:AdvertisedAddress {address} is not an address of this machine.", failure);
        }
        catch (SocketException failure)
        {
            throw new StartupException(
                $"{key} {port} cannot be listened on: {failure.Message}. Each process on a machine needs a port of its own.", failure);
        }
    }

    private static DataDirectory Directory(InformerOptions options)
    {
        var directory = new DataDirectory(Path.GetFullPath(options.DataDirectory));
        try
        {
            directory.Create();
            return directory;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw directory.Unusable(failure);
        }
    }

    private static async Task<PostgresDatabase> Open(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new StartupException(
                $"{ConnectionString} is missing: the cluster mode needs a database, such as "
                + "Host=db;Database=informer;Username=informer;Password=…");
        }

        try
        {
            return await PostgresDatabase.OpenAsync(connectionString, TimeProvider.System, CancellationToken.None);
        }
        catch (ArgumentException malformed)
        {
            throw new StartupException($"{ConnectionString} is not a connection string: {malformed.Message}", malformed);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or SocketException)
        {
            throw new StartupException(
                $"{ConnectionString}: the database cannot be used: {failure.Message} Start it, or mend the host, the user or "
                + "its rights.",
                failure);
        }
        catch (InvalidOperationException newer)
        {
            throw new StartupException(newer.Message, newer);
        }
    }
}
