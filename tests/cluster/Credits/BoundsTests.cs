using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>What a pool keeps and waits for has an end.</summary>
public abstract class BoundsTests(PoolStores stores)
{
    private static readonly EntityRef App = new("app", "shop");
    private static readonly TimeSpan LongIdle = TimeSpan.FromMinutes(11);

    [Fact]
    public async Task L34_New_holds_are_turned_away_while_too_much_waits_and_resolutions_are_not()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100, options => options.QueuedRowsMax = 3);
        var (settled, voided, extended) = (await cluster.Hold(5), await cluster.Hold(5), await cluster.Hold(5));
        var commit = cluster.Ledger.HoldNext();
        var running = cluster.Pool.Reserve(cluster.Request(1), null);
        await commit.Begun;
        var waiting = Enumerable.Range(0, 3).Select(_ => cluster.Pool.Reserve(cluster.Request(1), null)).ToList();
        await cluster.Until(0, 19);

        var turnedAway = await cluster.Pool.Reserve(cluster.Request(1), null);
        Task[] resolutions =
        [
            cluster.Pool.Settle(PoolCluster.Settlement(settled, 2)), cluster.Pool.Void(voided), cluster.Pool.Extend(extended, 6),
        ];
        await cluster.Until(2, 10);
        commit.Release();
        await Task.WhenAll(resolutions);

        Assert.Equal(ReserveOutcome.Overloaded, turnedAway.Outcome);
        Assert.All(await Task.WhenAll([running, .. waiting]), answer => Assert.Equal(ReserveOutcome.Held, answer.Outcome));
        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(cluster.Request(1), null)).Outcome);
        Assert.Equal((2, 11), await cluster.Audit());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task L24_A_commit_that_is_never_answered_is_unknown(bool written)
    {
        await using var cluster = await PoolCluster.Start(
            stores, granted: 100, options => options.LedgerTimeout = TimeSpan.FromSeconds(1));
        var request = cluster.Request(30);
        cluster.Ledger.NeverAnswerNext(written);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Pool.Reserve(request, null));

        Assert.Equal((0, written ? 30 : 0), await cluster.Numbers());
        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(request, null)).Outcome);
        Assert.Equal((0, 30), await cluster.Audit());
    }

    [Fact]
    public async Task L16_A_month_that_nobody_needed_for_long_is_read_again_and_is_whole()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var (past, open) = (await cluster.Hold(9, "ann", App), await cluster.Hold(4, "bob"));
        await cluster.Pool.Settle(PoolCluster.Settlement(past, 7));
        await cluster.Pass(PoolCluster.TimeToLive / 2);
        var reads = cluster.Ledger.ScopeReads.Count;
        cluster.Clocks.Advance(LongIdle);
        await cluster.Pool.Extend(open, 5);

        await cluster.Pool.Sweep();
        Assert.Equal(reads, cluster.Ledger.ScopeReads.Count);
        var refused = await cluster.Pool.Reserve(cluster.Request(4, "ann"), 10);
        var held = await cluster.Pool.Reserve(cluster.Request(3, "ann", App), 10);

        Assert.Equal(3, refused.Refusal?.ProfileRemaining);
        Assert.Equal(ReserveOutcome.Held, held.Outcome);
        Assert.Equal(["ann", "app:shop"], cluster.Ledger.ScopeReads.Skip(reads).Select(scope => scope.Key));
        Assert.Equal(7, (await cluster.Pool.ReadEntity(App)).Settled);
        Assert.Equal(7, (await cluster.Audit()).Used);
    }

    [Fact]
    public async Task L31_The_same_key_at_once_waits_for_its_first_use()
    {
        await using var cluster = await PoolCluster.Start(stores);
        var commit = cluster.Ledger.HoldNext();
        var first = cluster.Pool.Grant("term", 100, "term");
        await commit.Begun;
        var second = cluster.Pool.Grant("term", 100, "term");
        await cluster.Numbers();

        Assert.False(second.IsCompleted);
        commit.Release();

        Assert.True(await first);
        Assert.False(await second);
        Assert.False(await cluster.Pool.Grant("term", 100, "term"));
        Assert.Equal(100, (await cluster.Pool.Read(new UserId("ann"))).Pool.Included);
    }

    [Fact]
    public async Task L31_A_key_whose_first_use_was_nonsense_can_be_used()
    {
        await using var cluster = await PoolCluster.Start(stores);
        var reading = cluster.Ledger.DelayNextRead();
        var nonsense = cluster.Pool.Grant("term", -100, "term");
        await reading.Begun;
        var second = cluster.Pool.Grant("term", 100, "term");
        // Answered behind it: it waits for the first by now.
        await cluster.Numbers();
        reading.Release();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => nonsense);
        Assert.True(await second);
        Assert.Equal(100, (await cluster.Pool.Read(new UserId("ann"))).Pool.Included);
    }

    [Fact]
    public async Task L16_A_budget_set_while_its_month_is_read_is_in_force()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        await cluster.Pool.SetEntityBudget(App, 50);
        var hold = await cluster.Hold(10, entity: App);
        await cluster.Reactivate();
        var reading = cluster.Ledger.DelayNextRead();
        var read = cluster.Pool.ReadEntity(App);
        await reading.Begun;
        cluster.Clocks.JumpWall(TimeSpan.FromDays(31));
        await cluster.Pool.SetEntityBudget(App, 10);
        reading.Release();
        await read;

        Assert.Equal(ExtendOutcome.Refused, (await cluster.Pool.Extend(hold, 11)).Outcome);
    }
}
