namespace Informer.Ai.Credits;

public abstract class SettleTests(PoolStores stores)
{
    [Fact]
    public async Task L6_Fifty_settlements_at_once_charge_once_also_after_a_reactivation()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var hold = await cluster.Hold(30);

        var answers = await Task.WhenAll(
            Enumerable.Range(1, 50).Select(cost => cluster.Pool.Settle(PoolCluster.Settlement(hold, cost % 30))));
        await cluster.Reactivate();
        var later = await cluster.Pool.Settle(PoolCluster.Settlement(hold, 29));

        var first = Assert.Single(answers, answer => answer.Outcome == ResolveOutcome.Resolved);
        Assert.All(answers, answer => Assert.Equal((ResolutionKind.Settled, first.ChargedMicroCredits), (answer.Kind, answer.ChargedMicroCredits)));
        Assert.Equal(first with { Outcome = ResolveOutcome.AlreadyResolved }, later);
        Assert.Equal((first.ChargedMicroCredits, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L6_Of_voids_and_settlements_at_once_one_wins_and_all_tell_its_result()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 1_000);
        for (var round = 0; round < 8; round++)
        {
            var hold = await cluster.Hold(30);
            var (used, _) = await cluster.Numbers();

            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i + round) % 2 == 0
                ? cluster.Pool.Void(hold)
                : cluster.Pool.Settle(PoolCluster.Settlement(hold, 12))));

            var first = Assert.Single(answers, answer => answer.Outcome == ResolveOutcome.Resolved);
            Assert.Equal(first.Kind == ResolutionKind.Settled ? 12 : 0, first.ChargedMicroCredits);
            Assert.All(answers, answer => Assert.Equal((first.Kind, first.ChargedMicroCredits), (answer.Kind, answer.ChargedMicroCredits)));
            Assert.Equal((used + first.ChargedMicroCredits, 0), await cluster.Numbers());
        }

        await cluster.Audit();
    }

    [Fact]
    public async Task A_hold_that_never_was_is_unknown()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var never = cluster.NewHold();

        Assert.Equal(ResolveOutcome.UnknownHold, (await cluster.Pool.Settle(PoolCluster.Settlement(never, 5))).Outcome);
        Assert.Equal(ResolveOutcome.UnknownHold, (await cluster.Pool.Void(never)).Outcome);
        Assert.Equal(ExtendOutcome.NotOpen, (await cluster.Pool.Extend(never, 5)).Outcome);
        Assert.Equal((0, 0), await cluster.Audit());
    }

    [Fact]
    public async Task The_answer_tells_what_is_left_of_pool_and_cap()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var request = cluster.Request(30);
        await cluster.Pool.Reserve(request, 50);

        var answer = await cluster.Pool.Settle(PoolCluster.Settlement(request.Hold, 12));

        Assert.Equal(new ResolveAnswer(ResolveOutcome.Resolved, ResolutionKind.Settled, 12, false, 88, 38), answer);
    }

    [Fact]
    public async Task L13_A_hold_on_the_tenants_own_key_is_settled_with_an_event_of_zero()
    {
        await using var cluster = await PoolCluster.Start(stores);
        var request = cluster.Request(30, byok: true);

        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(request, 0)).Outcome);
        var answer = await cluster.Pool.Settle(PoolCluster.Settlement(request.Hold, 30));

        Assert.Equal((ResolveOutcome.Resolved, 0), (answer.Outcome, answer.ChargedMicroCredits));
        var used = Assert.Single(cluster.Ledger.Batches.SelectMany(batch => batch.Events));
        Assert.Equal((true, 0, 7), (used.Hold.Byok, used.Charged, used.Usage.Total));
        Assert.Equal((0, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L19_A_negative_settlement_is_refused_and_poisons_nothing()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var holds = new List<HoldId>();
        for (var i = 0; i < 20; i++)
        {
            holds.Add(await cluster.Hold(5));
        }

        var good = holds.Skip(1).Select(hold => cluster.Pool.Settle(PoolCluster.Settlement(hold, 2))).ToList();
        var bad = cluster.Pool.Settle(PoolCluster.Settlement(holds[0], -2));

        await Assert.ThrowsAnyAsync<ArgumentException>(() => bad);
        Assert.All(await Task.WhenAll(good), answer => Assert.Equal(2, answer.ChargedMicroCredits));
        Assert.Equal(ResolveOutcome.Resolved, (await cluster.Pool.Settle(PoolCluster.Settlement(holds[0], 2))).Outcome);
        Assert.Equal(1, cluster.Ledger.TakeOvers);
        Assert.Equal((40, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L27_Many_commands_share_few_commits_and_each_gets_its_own_answer()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100_000);
        var settled = new List<HoldId>();
        for (var i = 0; i < 100; i++)
        {
            settled.Add(await cluster.Hold(200));
        }

        var before = cluster.Ledger.Batches.Count;
        var commit = cluster.Ledger.HoldNext();
        var first = cluster.Pool.Reserve(cluster.Request(1), null);
        await commit.Begun;
        var settlements = settled.Select((hold, cost) => cluster.Pool.Settle(PoolCluster.Settlement(hold, cost))).ToList();
        var reservations = Enumerable.Range(0, 100).Select(i => cluster.Pool.Reserve(cluster.Request(i < 50 ? 10 : 1_000_000), null)).ToList();

        // The memory already counts what waits for the next commit.
        await cluster.Until(4_950, 501);
        Assert.All(settlements, settlement => Assert.False(settlement.IsCompleted));
        commit.Release();

        Assert.Equal(ReserveOutcome.Held, (await first).Outcome);
        Assert.Equal(Enumerable.Range(0, 100).Select(cost => (long)cost), (await Task.WhenAll(settlements)).Select(answer => answer.ChargedMicroCredits));
        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => i < 50 ? ReserveOutcome.Held : ReserveOutcome.Refused),
            (await Task.WhenAll(reservations)).Select(answer => answer.Outcome));
        Assert.Equal(2, cluster.Ledger.Batches.Count - before);
        Assert.Equal((4_950, 501), await cluster.Audit());
    }

    [Fact]
    public async Task A_hold_taken_extended_and_resolved_in_one_commit_leaves_no_hold()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var blocker = cluster.Ledger.HoldNext();
        var first = cluster.Pool.Reserve(cluster.Request(1), null);
        await blocker.Begun;
        var request = cluster.Request(10);

        var reserved = cluster.Pool.Reserve(request, null);
        await cluster.Until(0, 11);
        var extended = cluster.Pool.Extend(request.Hold, 20);
        await cluster.Until(0, 21);
        var settled = cluster.Pool.Settle(PoolCluster.Settlement(request.Hold, 15));
        await cluster.Until(15, 1);
        blocker.Release();
        await Task.WhenAll(first, reserved, extended);
        Assert.Equal(15, (await settled).ChargedMicroCredits);
        Assert.Equal((15, 1), await cluster.Audit());
        Assert.Equal((15, ResolutionKind.Settled), await Found(cluster, request.Hold));
    }

    private static async Task<(long, ResolutionKind)> Found(PoolCluster cluster, HoldId hold)
    {
        var found = await cluster.Truth.FindResolutionAsync(new Tenancy.TenantId(PoolCluster.Tenant), hold, CancellationToken.None);
        return (found!.Charged, found.Kind);
    }
}
