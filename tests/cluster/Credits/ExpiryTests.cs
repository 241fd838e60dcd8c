using Informer.Ai.Chats;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

public abstract class ExpiryTests(PoolStores stores)
{
    private static readonly EntityRef App = new("app", "a");
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AlmostALife = PoolCluster.TimeToLive - Moment;

    [Fact]
    public async Task L9_L26_A_silent_hold_is_freed_once_when_its_time_is_over()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        await cluster.Hold(30, entity: App);
        await cluster.Pass(AlmostALife);
        await cluster.Hold(7, entity: App);
        Assert.Equal(0, await cluster.Pool.Sweep());

        // All the sweeps wait for the checkpoints to be read, and go on one right after the other.
        await cluster.Pass(2 * Moment);
        cluster.Ledger.GateReads(10);
        var expired = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => cluster.Pool.Sweep()));

        Assert.Equal(1, expired.Sum());
        Assert.Equal(7, (await cluster.Pool.ReadEntity(App)).Held);
        Assert.Equal(7, (await cluster.Pool.Read(new UserId("ann"))).Actor.Held);
        Assert.Equal((0, 7), await cluster.Audit());
    }

    [Fact]
    public async Task L9_An_expired_hold_with_a_checkpoint_is_charged_at_it()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30, entity: App);
        await Checkpoint(cluster, hold, 11);
        await cluster.Pass(PoolCluster.TimeToLive + Moment);

        Assert.Equal(1, await cluster.Pool.Sweep());

        var used = Assert.Single(cluster.Ledger.Batches.SelectMany(batch => batch.Events));
        Assert.Equal((ResolutionKind.Expired, 11, true, 3), (used.Kind, used.Charged, used.Estimated, used.Usage.Total));
        Assert.Equal((11, 0), ((await cluster.Pool.ReadEntity(App)).Settled, (await cluster.Pool.ReadEntity(App)).Held));
        Assert.Equal((11, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L26_A_fresh_checkpoint_keeps_a_hold_alive_and_a_stale_one_does_not()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30);
        await cluster.Pass(AlmostALife);
        await Checkpoint(cluster, hold, 11);
        await cluster.Pass(2 * Moment);

        Assert.Equal(0, await cluster.Pool.Sweep());
        Assert.Equal((0, 30), await cluster.Numbers());
        await cluster.Pass(AlmostALife);
        Assert.Equal(1, await cluster.Pool.Sweep());

        Assert.Equal((11, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L26_An_extension_keeps_a_hold_alive_and_a_refused_one_does_not()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var (extended, refused) = (await cluster.Hold(30), await cluster.Hold(30));
        await cluster.Pass(AlmostALife);
        await cluster.Pool.Extend(extended, 40);
        await cluster.Pool.Extend(refused, 1_000);
        await cluster.Pass(2 * Moment);

        Assert.Equal(1, await cluster.Pool.Sweep());

        Assert.Equal((0, 40), await cluster.Audit());
    }

    [Fact]
    public async Task L26_The_age_of_a_hold_survives_its_activation()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        await cluster.Hold(30);
        await cluster.Pass(AlmostALife);
        await cluster.Reactivate();

        Assert.Equal(0, await cluster.Pool.Sweep());
        await cluster.Pass(2 * Moment);
        Assert.Equal(1, await cluster.Pool.Sweep());

        Assert.Equal((0, 0), await cluster.Audit());
    }

    [Theory]
    [InlineData(25)]
    [InlineData(4)]
    public async Task L10_A_settlement_after_expiry_is_recorded_once_as_late(long cost)
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30);
        await Checkpoint(cluster, hold, 11);
        await cluster.Pass(PoolCluster.TimeToLive + Moment);
        await cluster.Pool.Sweep();

        var voided = await cluster.Pool.Void(hold);
        var late = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cluster.Pool.Settle(PoolCluster.Settlement(hold, cost))));
        await cluster.Reactivate();
        var again = await cluster.Pool.Settle(PoolCluster.Settlement(hold, cost + 1));

        Assert.Equal((ResolveOutcome.AlreadyResolved, ResolutionKind.Expired, 11), (voided.Outcome, voided.Kind, voided.ChargedMicroCredits));
        Assert.Single(late, answer => answer.Outcome == ResolveOutcome.Resolved);
        Assert.All(late, answer => Assert.Equal((ResolutionKind.LateSettled, cost, false), (answer.Kind, answer.ChargedMicroCredits, answer.Estimated)));
        Assert.Equal((ResolveOutcome.AlreadyResolved, cost), (again.Outcome, again.ChargedMicroCredits));
        Assert.Equal((cost, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L10_A_late_settlement_finds_an_expiry_of_an_earlier_activation()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30, entity: App);
        await cluster.Pass(PoolCluster.TimeToLive + Moment);
        await cluster.Pool.Sweep();
        await cluster.Reactivate();

        var late = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cluster.Pool.Settle(PoolCluster.Settlement(hold, 12))));

        Assert.Single(late, answer => answer.Outcome == ResolveOutcome.Resolved);
        Assert.Equal(12, (await cluster.Pool.ReadEntity(App)).Settled);
        Assert.Equal((12, 0), await cluster.Audit());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public async Task L29_A_wall_clock_that_jumps_expires_nothing_and_keeps_nothing(int years)
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30);
        var month = cluster.Month;
        cluster.Clocks.JumpWall(TimeSpan.FromDays(365 * years));

        Assert.Equal(0, await cluster.Pool.Sweep());
        Assert.NotEqual(month, cluster.Month);
        Assert.Equal((0, 30), await cluster.Numbers());
        await cluster.Pass(PoolCluster.TimeToLive + Moment);
        Assert.Equal(1, await cluster.Pool.Sweep());

        var late = await cluster.Pool.Settle(PoolCluster.Settlement(hold, 12));
        Assert.Equal(ResolutionKind.LateSettled, late.Kind);
        var row = cluster.Ledger.Batches.SelectMany(batch => batch.Entries).Single(entry => entry.Kind == EntryKind.LateSettle);
        Assert.Equal(month, Period.Of(new DateTimeOffset(row.Day, TimeOnly.MinValue, TimeSpan.Zero)));
        Assert.Equal((12, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L29_A_wall_clock_set_back_makes_no_hold_with_a_checkpoint_immortal()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30);
        await Checkpoint(cluster, hold, 11);
        cluster.Clocks.JumpWall(TimeSpan.FromDays(-365));

        var expired = 0;
        for (var life = 0; life < 3; life++)
        {
            await cluster.Pass(PoolCluster.TimeToLive + Moment);
            expired += await cluster.Pool.Sweep();
        }

        Assert.Equal(1, expired);
        Assert.Equal((11, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L28_A_hold_across_the_turn_of_the_month_counts_in_the_old_one()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var old = cluster.Month;
        var hold = await cluster.Hold(30, entity: App);
        await cluster.Pool.SetEntityBudget(App, 40);
        cluster.Clocks.JumpWall(TimeSpan.FromDays(20));

        Assert.Equal(new ScopeReading(cluster.Month, 0, 0, 40), await cluster.Pool.ReadEntity(App));
        var fresh = cluster.Request(40, entity: App);
        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(fresh, 40)).Outcome);
        await cluster.Pool.Settle(PoolCluster.Settlement(hold, 25));
        await cluster.Pool.Settle(PoolCluster.Settlement(fresh.Hold, 35));

        Assert.Equal(new ScopeReading(cluster.Month, 35, 0, 40), await cluster.Pool.ReadEntity(App));
        var before = await cluster.Truth.ReadScopeAsync(new TenantId(PoolCluster.Tenant), Scope.Of(App, old), CancellationToken.None);
        Assert.Equal(new ScopeTotals(25, 40), before);
        Assert.Equal((60, 0), await cluster.Audit());
    }

    private static Task Checkpoint(PoolCluster cluster, HoldId hold, long cost) => cluster.Checkpoints.WriteAsync(
        [new TurnCheckpoint(new TenantId(PoolCluster.Tenant), hold, null, "[]", new TokenUsage(1, 2), cost)], CancellationToken.None);
}
