using Informer.Ai.Chats;
using Informer.Ai.Storage.Sqlite;
using Informer.Ai.Tenancy;
using Informer.Ai.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Core.Internal;
using Orleans.TestingHost;

namespace Informer.Ai.Credits;

/// <summary>One silo with the money path in it, over an embedded database that can be made to fail.</summary>
internal sealed class PoolCluster : IAsyncDisposable
{
    public const string Tenant = "acme";

    private readonly string _directory = Directory.CreateTempSubdirectory("informer-ai-pool-").FullName;
    private readonly SqliteDatabase _database;
    private readonly InProcessTestCluster _cluster;
    private readonly IdSource _ids;

    private PoolCluster()
    {
        _database = SqliteDatabase.Open(_directory, Clocks);
        _ids = new IdSource(Clocks);
        Truth = new SqliteLedger(_database, Clocks);
        Ledger = new FaultyLedger(Truth);
        LedgerAudit = new WatchedAudit(new SqliteLedgerAudit(_database, Clocks));
        Checkpoints = new SqliteCheckpointStore(_database, Clocks);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clocks));
            silo.Services
                .AddSingleton(_ids)
                .AddSingleton<ILedger>(Ledger)
                .AddSingleton<ILedgerAudit>(LedgerAudit)
                .AddSingleton<CreditMetrics>()
                .Configure<CreditPoolOptions>(options => (options.HoldTimeToLive, options.SweepEvery) = (TimeToLive, TimeSpan.FromHours(1)));
        });
        _cluster = builder.Build();
    }

    public static TimeSpan TimeToLive { get; } = TimeSpan.FromMinutes(2);

    public TwoClocks Clocks { get; } = new();

    public FaultyLedger Ledger { get; }

    public WatchedAudit LedgerAudit { get; }

    /// <summary>The ledger without the faults.</summary>
    public ILedger Truth { get; }

    public ICheckpointStore Checkpoints { get; }

    public ICreditPoolGrain Pool => _cluster.Client.GetGrain<ICreditPoolGrain>(Tenant);

    public IGrainFactory Grains => _cluster.Client;

    public ITenantGrain TenantGrain => _cluster.Client.GetGrain<ITenantGrain>(Tenant);

    public Period Month => Period.Of(Clocks.GetUtcNow());

    public static async Task<PoolCluster> Start(long granted = 0)
    {
        var cluster = new PoolCluster();
        await cluster._cluster.DeployAsync();
        await cluster.Pool.SetPolicy(new PoolPolicy(SlushPermille: 0));
        if (granted > 0)
        {
            await cluster.Pool.Grant("first", granted, "test");
        }

        return cluster;
    }

    public IUsageProfileGrain Profile(string user) =>
        _cluster.Client.GetGrain<IUsageProfileGrain>(UserKey.Of(new TenantId(Tenant), new UserId(user)));

    public HoldId NewHold() => new(_ids.Next());

    public ReserveRequest Request(long amount, string actor = "ann", EntityRef? entity = null, bool byok = false, string tier = "everyday") =>
        new(NewHold(), new UserId(actor), tier, amount, entity, byok, new Operation("ai", "model", "provider", "{}"));

    public static Settlement Settlement(HoldId hold, long cost) => new(hold, cost, new TokenUsage(3, 4), null, false, "stop");

    /// <summary>Takes a hold that nothing stands in the way of.</summary>
    public async Task<HoldId> Hold(long amount, string actor = "ann", EntityRef? entity = null)
    {
        var request = Request(amount, actor, entity);
        Assert.Equal(ReserveOutcome.Held, (await Pool.Reserve(request, null)).Outcome);
        return request.Hold;
    }

    /// <summary>Changes the database beside the service, also what is never changed.</summary>
    public Task Tamper(string sql) => _database.WriteAsync(
        session =>
        {
            session.Execute("DROP TRIGGER IF EXISTS ledger_entry_no_update");
            session.Execute("DROP TRIGGER IF EXISTS usage_event_no_update");
            session.Execute(sql);
        },
        CancellationToken.None);

    /// <summary>What the pool's activation says: used and held.</summary>
    public async Task<(long Used, long Held)> Numbers()
    {
        var (pool, _) = await Pool.Read(new UserId("ann"));
        return (pool.Used, pool.Held);
    }

    /// <summary>Waits until the memory of the pool counts these numbers, also those that wait for a commit.</summary>
    public async Task Until(long used, long held)
    {
        for (var tries = 0; await Numbers() != (used, held); tries++)
        {
            Assert.True(tries < 20_000, $"The pool never came to {used} used and {held} held.");
        }
    }

    /// <summary>Ends the pool's activation; the next call is answered by a new one, from the ledger.</summary>
    public async Task Reactivate()
    {
        var before = Ledger.TakeOvers;
        await Pool.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Numbers();
        Assert.Equal(before + 1, Ledger.TakeOvers);
    }

    /// <summary>
    /// Compares the activation with the rows of the ledger and with what a new owner reads: L1, L16, L21. Ends
    /// the activation.
    /// </summary>
    public async Task<(long Used, long Held)> Audit()
    {
        var said = await Numbers();
        var opening = await Truth.TakeOverAsync(new TenantId(Tenant), CancellationToken.None);
        var rows = await _database.ReadAsync(
            session => session.Query(
                "SELECT seq, granted, held, settled FROM ledger_entry ORDER BY seq",
                row => (Seq: row.GetInt64(0), Granted: row.GetInt64(1), Held: row.GetInt64(2), Settled: row.GetInt64(3))),
            CancellationToken.None);
        var events = await _database.ReadAsync(
            session => session.Number("SELECT coalesce(sum(charged), 0) FROM usage_event"), CancellationToken.None);
        var corrections = await _database.ReadAsync(
            session => session.Number("SELECT coalesce(sum(settled), 0) FROM ledger_entry WHERE kind = 'adjust'"), CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, rows.Count).Select(seq => (long)seq), rows.Select(row => row.Seq));
        Assert.Equal(rows.Count, opening.Seq);
        Assert.Equal(rows.Sum(row => row.Granted), opening.Granted);
        Assert.Equal(rows.Sum(row => row.Settled), opening.Settled);
        Assert.Equal(rows.Sum(row => row.Held), opening.Holds.Sum(open => open.Hold.Amount));
        Assert.Equal(opening.Settled, events + corrections);
        Assert.Equal((opening.Settled, opening.Holds.Sum(open => open.Hold.Amount)), said);
        return said;
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
