using Informer.Ai.Chats;
using Informer.Ai.Tenancy;
using Informer.Ai.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Core.Internal;
using Orleans.TestingHost;

namespace Informer.Ai.Credits;

/// <summary>One silo with the money path in it, over a database that can be made to fail.</summary>
internal sealed class PoolCluster : IAsyncDisposable
{
    public const string Tenant = "acme";

    private readonly PoolStore _store;
    private readonly InProcessTestCluster _cluster;
    private readonly IdSource _ids;

    private PoolCluster(PoolStore store, TwoClocks clocks, Action<CreditPoolOptions>? configure)
    {
        (_store, Clocks) = (store, clocks);
        _ids = new IdSource(Clocks);
        Ledger = new FaultyLedger(Truth);
        LedgerAudit = new WatchedAudit(store.LedgerAudit);
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
                .Configure<CreditPoolOptions>(options =>
                {
                    (options.HoldTimeToLive, options.SweepEvery) = (TimeToLive, TimeSpan.FromHours(1));
                    configure?.Invoke(options);
                });
        });
        _cluster = builder.Build();
    }

    public static TimeSpan TimeToLive { get; } = TimeSpan.FromMinutes(2);

    public TwoClocks Clocks { get; }

    public FaultyLedger Ledger { get; }

    public WatchedAudit LedgerAudit { get; }

    /// <summary>The ledger without the faults.</summary>
    public ILedger Truth => _store.Ledger;

    public ICheckpointStore Checkpoints => _store.Checkpoints;

    public ICreditPoolGrain Pool => _cluster.Client.GetGrain<ICreditPoolGrain>(Tenant);

    public IGrainFactory Grains => _cluster.Client;

    public ITenantGrain TenantGrain => _cluster.Client.GetGrain<ITenantGrain>(Tenant);

    public Period Month => Period.Of(Clocks.GetUtcNow());

    public static async Task<PoolCluster> Start(PoolStores stores, long granted = 0, Action<CreditPoolOptions>? configure = null)
    {
        var clocks = new TwoClocks();
        var cluster = new PoolCluster(await stores.Open(clocks), clocks, configure);
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

    /// <summary>Takes a hold at another owner that takes over, and leaves; the activation here does not know.</summary>
    public async Task<HoldId> HoldElsewhere(long amount)
    {
        var tenant = new TenantId(Tenant);
        var opening = await Truth.TakeOverAsync(tenant, CancellationToken.None);
        var request = Request(amount);
        var scope = Scope.Of(request.Actor, Month);
        var state = PoolState.From(opening) with
        {
            ScopesSettled = PoolState.Empty.ScopesSettled.Add(scope, await Truth.ReadScopeAsync(tenant, scope, CancellationToken.None)),
        };
        var step = CreditPool.Reserve(state, request, null, DateOnly.FromDateTime(Clocks.GetUtcNow().UtcDateTime));
        await Truth.CommitAsync(
            new LedgerBatch(tenant, opening.Epoch, [step.Entry!], [step.State.Holds[request.Hold]], [], [], [], [], null, []),
            CancellationToken.None);
        return request.Hold;
    }

    /// <summary>Changes the database beside the service, also what is never changed.</summary>
    public Task Tamper(string sql) => _store.Tamper(sql);

    /// <summary>Lets time pass, here and in the database.</summary>
    public Task Pass(TimeSpan time)
    {
        Clocks.Advance(time);
        return _store.Pass(time);
    }

    /// <summary>What the pool's activation says: used and held.</summary>
    public async Task<(long Used, long Held)> Numbers()
    {
        var (pool, _) = await Pool.Read(new UserId("ann"));
        return (pool.Used, pool.Held);
    }

    /// <summary>Waits until the memory of the pool counts these numbers, also those that wait for a commit.</summary>
    /// <param name="included">What is granted; null when that is not waited for.</param>
    public async Task Until(long used, long held, long? included = null)
    {
        for (var tries = 0; ; tries++)
        {
            var (pool, _) = await Pool.Read(new UserId("ann"));
            if ((pool.Used, pool.Held, included ?? pool.Included) == (used, held, pool.Included))
            {
                return;
            }

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
        var rows = (await _store.Rows("SELECT seq, granted, held, settled FROM ledger_entry ORDER BY seq"))
            .Select(row => (Seq: row[0], Granted: row[1], Held: row[2], Settled: row[3])).ToList();
        var events = await _store.Number("SELECT CAST(coalesce(sum(charged), 0) AS bigint) FROM usage_event");
        var corrections = await _store.Number("SELECT CAST(coalesce(sum(settled), 0) AS bigint) FROM ledger_entry WHERE kind = 'adjust'");

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
        await _store.DisposeAsync();
    }
}
