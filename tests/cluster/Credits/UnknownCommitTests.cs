using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

public abstract class UnknownCommitTests(PoolStores stores)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task L24_A_reserve_of_unknown_outcome_can_be_repeated(bool written)
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var request = cluster.Request(30);
        FailNext(cluster, written);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Pool.Reserve(request, null));

        Assert.Equal((0, written ? 30 : 0), await cluster.Numbers());
        Assert.Equal(2, cluster.Ledger.TakeOvers);
        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(request, null)).Outcome);
        Assert.Equal((0, 30), await cluster.Audit());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task L24_A_settlement_of_unknown_outcome_charges_once(bool written)
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30);
        FailNext(cluster, written);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Pool.Settle(PoolCluster.Settlement(hold, 12)));
        var again = await cluster.Pool.Settle(PoolCluster.Settlement(hold, 12));

        Assert.Equal(
            (written ? ResolveOutcome.AlreadyResolved : ResolveOutcome.Resolved, ResolutionKind.Settled, 12),
            (again.Outcome, again.Kind, again.ChargedMicroCredits));
        Assert.Equal(88, again.PoolRemaining);
        Assert.Equal((12, 0), await cluster.Audit());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task L24_A_grant_of_unknown_outcome_adds_once(bool written)
    {
        await using var cluster = await PoolCluster.Start(stores);
        FailNext(cluster, written);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Pool.Grant("term", 100, "term"));
        var added = await cluster.Pool.Grant("term", 100, "term");

        Assert.Equal(!written, added);
        Assert.Equal(100, (await cluster.Pool.Read(new UserId("ann"))).Pool.Included);
    }

    [Fact]
    public async Task L24_Who_waits_for_the_running_or_the_next_commit_hears_that_it_is_unknown()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var commit = cluster.Ledger.HoldNext();

        var running = cluster.Pool.Reserve(cluster.Request(5), null);
        await commit.Begun;
        var next = Enumerable.Range(0, 10).Select(_ => cluster.Pool.Reserve(cluster.Request(5), null)).ToList();
        await cluster.Until(0, 55);
        commit.Fail();

        foreach (var waiter in next.Append(running))
        {
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => waiter);
        }

        Assert.Equal((0, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L24_A_repetition_is_not_answered_before_the_first_is_durable()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30);
        var request = cluster.Request(7);
        var commit = cluster.Ledger.HoldNext();

        var firsts = new Task[] { cluster.Pool.Settle(PoolCluster.Settlement(hold, 12)), cluster.Pool.Reserve(request, null), cluster.Pool.Grant("k", 9, "") };
        await commit.Begun;
        await cluster.Until(12, 7, included: 109);
        var seconds = new Task[]
        {
            cluster.Pool.Settle(PoolCluster.Settlement(hold, 13)), cluster.Pool.Void(hold), cluster.Pool.Reserve(request, null), cluster.Pool.Grant("k", 9, ""),
        };
        // Calls of one client may overtake each other on their way; these come after all of the above.
        for (var trips = 0; trips < 100; trips++)
        {
            await cluster.Numbers();
        }

        commit.Fail();

        foreach (var waiter in firsts.Concat(seconds))
        {
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => waiter);
        }

        Assert.Equal((0, 30), await cluster.Audit());
    }

    [Fact]
    public async Task L24_A_repetition_is_answered_with_the_first()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30);
        var commit = cluster.Ledger.HoldNext();

        var first = cluster.Pool.Settle(PoolCluster.Settlement(hold, 12));
        await commit.Begun;
        var second = cluster.Pool.Settle(PoolCluster.Settlement(hold, 13));
        await cluster.Numbers();
        commit.Release();

        Assert.Equal(ResolveOutcome.Resolved, (await first).Outcome);
        Assert.Equal((ResolveOutcome.AlreadyResolved, 12), ((await second).Outcome, (await second).ChargedMicroCredits));
    }

    [Fact]
    public async Task L27_A_hold_id_that_looks_new_and_was_resolved_long_ago_does_not_stop_the_pool()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        cluster.Clocks.JumpWall(TimeSpan.FromDays(365));
        var old = cluster.Request(5);
        await cluster.Pool.Reserve(old, null);
        await cluster.Pool.Void(old.Hold);
        cluster.Clocks.JumpWall(TimeSpan.FromDays(-365));
        await cluster.Reactivate();

        // The clock was wrong when the id was made, so the ledger's unique key is what refuses it.
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Pool.Reserve(old, null));

        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(cluster.Request(5), null)).Outcome);
        Assert.Equal((0, 5), await cluster.Audit());
    }

    [Fact]
    public async Task L22_An_owner_that_was_replaced_gives_up_and_has_written_nothing()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30);
        await cluster.Truth.TakeOverAsync(new TenantId(PoolCluster.Tenant), CancellationToken.None);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Pool.Settle(PoolCluster.Settlement(hold, 12)));
        var again = await cluster.Pool.Settle(PoolCluster.Settlement(hold, 12));

        Assert.Equal(ResolveOutcome.Resolved, again.Outcome);
        Assert.Equal(2, cluster.Ledger.TakeOvers);
        Assert.Equal((12, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L22_An_owner_that_was_replaced_does_not_say_that_there_is_no_such_hold()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var held = await cluster.HoldElsewhere(30);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Pool.Settle(PoolCluster.Settlement(held, 12)));
        var settled = await cluster.Pool.Settle(PoolCluster.Settlement(held, 12));

        var extended = await cluster.HoldElsewhere(30);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Pool.Extend(extended, 40));
        var longer = await cluster.Pool.Extend(extended, 40);

        Assert.Equal((ResolveOutcome.Resolved, 12), (settled.Outcome, settled.ChargedMicroCredits));
        Assert.Equal((ExtendOutcome.Held, 40), (longer.Outcome, longer.HeldMicroCredits));
        Assert.Equal((12, 40), await cluster.Audit());
    }

    private static void FailNext(PoolCluster cluster, bool written)
    {
        if (written)
        {
            cluster.Ledger.LoseNextConfirmation();
        }
        else
        {
            cluster.Ledger.FailNext();
        }
    }
}
