using System.Diagnostics;
using System.Diagnostics.Metrics;
using Informer.Ai.Storage.Postgres;
using Informer.Ai.Storage.Sqlite;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Informer.Ai.Credits;

/// <summary>The service's way: the pool's grain in a silo of this process, over a store.</summary>
internal sealed class PoolSide : LedgerSide
{
    private static readonly Operation Operation = new("ai", "everyday", "managed", """{"input":0.10,"output":0.40}""");

    private readonly IHost _host;
    private readonly ICreditPoolGrain _pool;
    private readonly IdSource _ids;
    private readonly MeterListener _meters = new();
    private long _rows;
    private long _commits;

    private PoolSide(IBooks books, IHost host, ICreditPoolGrain pool)
        : base(books)
    {
        (_host, _pool) = (host, pool);
        _ids = host.Services.GetRequiredService<IdSource>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "informer.ledger.batch.rows")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<int>((_, rows, _, _) =>
        {
            Interlocked.Add(ref _rows, rows);
            Interlocked.Increment(ref _commits);
        });
        _meters.Start();
    }

    public override string Name => "pool grain";

    /// <summary>The time of the first call, which activates the pool.</summary>
    public TimeSpan Activated { get; private init; }

    public ICreditPoolGrain Pool => _pool;

    /// <summary>Ledger rows and commits so far.</summary>
    public (long Rows, long Commits) Written => (Interlocked.Read(ref _rows), Interlocked.Read(ref _commits));

    public static Task<PoolSide> OnSqlite(string directory) => Start(
        new SqliteBooks(directory), services => services.AddSqliteStorage(directory), silo => silo.AddSqliteGrainStorage());

    public static async Task<PoolSide> OnPostgres(string connectionString)
    {
        var database = await PostgresDatabase.OpenAsync(connectionString, TimeProvider.System, CancellationToken.None);
        return await Start(
            new PostgresBooks(database.Source), services => services.AddPostgresStorage(database), silo => silo.AddPostgresGrainStorage());
    }

    private static async Task<PoolSide> Start(IBooks books, Action<IServiceCollection> store, Action<ISiloBuilder> grainStore)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            var (siloPort, gatewayPort) = (FreePort(), FreePort());
            silo.UseLocalhostClustering(siloPort, gatewayPort);
            silo.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = "informer-ai");
            grainStore(silo);
        });
        store(builder.Services);
        builder.Services.AddGrains(builder.Configuration.GetSection("Informer"));
        var host = builder.Build();
        await host.StartAsync();
        var pool = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICreditPoolGrain>(Tenant);
        var started = Stopwatch.GetTimestamp();
        await pool.Read(new UserId("u0"));
        var activated = Stopwatch.GetElapsedTime(started);
        await pool.Grant("bench", Granted, "benchmark");
        return new PoolSide(books, host, pool) { Activated = activated };
    }

    /// <summary>Takes a hold and leaves it open.</summary>
    public Task<HoldId> Reserve(string actor) => Reserve(_pool, actor);

    private async Task<HoldId> Reserve(ICreditPoolGrain pool, string actor)
    {
        var hold = new HoldId(_ids.Next());
        var reserved = await pool.Reserve(new ReserveRequest(hold, new UserId(actor), Models.Tier.Everyday, Required, null, false, Operation), Granted);
        BrokenException.Unless(reserved.Outcome == ReserveOutcome.Held, $"A hold was {reserved.Outcome}.");
        return hold;
    }

    public override Task Pair(int caller) => Pair(_pool, $"u{caller}");

    /// <summary>Another tenant's pool, with credits.</summary>
    public async Task<Func<Task>> Neighbour(string tenant)
    {
        var pool = _host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICreditPoolGrain>(tenant);
        await pool.Grant("bench", Granted, "benchmark");
        return () => Pair(pool, "u0");
    }

    private async Task Pair(ICreditPoolGrain pool, string actor)
    {
        var hold = await Reserve(pool, actor);
        var settled = await pool.Settle(new Settlement(hold, Cost, Usage, null, false, "stop"));
        BrokenException.Unless(settled is { Outcome: ResolveOutcome.Resolved, ChargedMicroCredits: Cost }, $"A settlement was {settled}.");
    }

    public override async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        await base.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
