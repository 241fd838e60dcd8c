using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

public abstract class ReserveTests(PoolStores stores)
{
    private static readonly EntityRef App = new("app", "a");

    [Fact]
    public async Task L2_Two_hundred_callers_on_a_pool_for_ten_hold_exactly_ten()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 10);
        var requests = AtOnce(cluster, 200);

        var answers = await Task.WhenAll(requests.Select(request => cluster.Pool.Reserve(request, null)));

        Assert.Equal(10, answers.Count(answer => answer.Outcome == ReserveOutcome.Held));
        Assert.All(
            answers.Where(answer => answer.Outcome != ReserveOutcome.Held),
            answer => Assert.Equal(new Refusal(RefusalCode.PoolExhausted, null, 10, 10, 1, Retryable: true), answer.Refusal));
        Assert.Equal((0, 10), await cluster.Numbers());
        await ResolveAll(cluster, requests, answers);
    }

    [Fact]
    public async Task L4_Two_hundred_callers_on_a_cap_for_ten_hold_exactly_ten()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 1_000);
        var requests = AtOnce(cluster, 200);

        var answers = await Task.WhenAll(requests.Select(request => cluster.Pool.Reserve(request, 10)));

        Assert.Equal(10, answers.Count(answer => answer.Outcome == ReserveOutcome.Held));
        Assert.All(
            answers.Where(answer => answer.Outcome != ReserveOutcome.Held),
            answer => Assert.Equal(new Refusal(RefusalCode.CreditLimit, 10, 1_000, 10, 1, Retryable: true), answer.Refusal));
        await ResolveAll(cluster, requests, answers);
    }

    [Fact]
    public async Task L5_Two_hundred_callers_on_a_budget_for_ten_hold_exactly_ten()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 1_000);
        await cluster.Pool.SetEntityBudget(App, 10);
        var requests = Enumerable.Range(0, 200).Select(i => cluster.Request(1, $"user{i}", App)).ToList();

        var answers = await Task.WhenAll(requests.Select(request => cluster.Pool.Reserve(request, 50)));

        Assert.Equal(10, answers.Count(answer => answer.Outcome == ReserveOutcome.Held));
        Assert.All(
            answers.Where(answer => answer.Outcome != ReserveOutcome.Held),
            answer => Assert.Equal(
                new Refusal(RefusalCode.EntityBudget, 50, 1_000, 0, 1, Retryable: true, EntityRemaining: 10), answer.Refusal));
        Assert.Equal(10, (await cluster.Pool.ReadEntity(App)).Held);
        await ResolveAll(cluster, requests, answers);
        Assert.Equal((5, 0), ((await cluster.Pool.ReadEntity(App)).Settled, (await cluster.Pool.ReadEntity(App)).Held));
    }

    [Fact]
    public async Task L3_The_first_request_of_a_tenant_that_never_was_is_refused()
    {
        await using var cluster = await PoolCluster.Start(stores);

        var answer = await cluster.Pool.Reserve(cluster.Request(1, entity: App), null);

        Assert.Equal(new Refusal(RefusalCode.PoolExhausted, null, 0, 0, 1), answer.Refusal);
        Assert.Equal((0, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L7_The_same_hold_fifty_times_at_once_is_held_once()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var request = cluster.Request(30);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => cluster.Pool.Reserve(request, null)));

        Assert.All(answers, answer => Assert.Equal(ReserveOutcome.Held, answer.Outcome));
        Assert.Equal((0, 30), await cluster.Audit());
    }

    [Fact]
    public async Task L7_A_hold_that_was_resolved_is_not_taken_again_not_even_by_a_new_activation()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var (settled, voided) = (cluster.Request(30), cluster.Request(30));
        await cluster.Pool.Reserve(settled, null);
        await cluster.Pool.Reserve(voided, null);
        await cluster.Pool.Settle(PoolCluster.Settlement(settled.Hold, 12));
        await cluster.Pool.Void(voided.Hold);

        Assert.Equal(ReserveOutcome.Resolved, (await cluster.Pool.Reserve(settled, null)).Outcome);
        Assert.Equal(ReserveOutcome.Resolved, (await cluster.Pool.Reserve(voided, null)).Outcome);
        await cluster.Reactivate();
        Assert.Equal(ReserveOutcome.Resolved, (await cluster.Pool.Reserve(settled, null)).Outcome);
        Assert.Equal(ReserveOutcome.Resolved, (await cluster.Pool.Reserve(voided, null)).Outcome);

        Assert.Equal((12, 0), await cluster.Audit());
    }

    [Fact]
    public async Task A_new_activation_knows_the_holds_the_months_and_the_budgets()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        await cluster.Pool.SetEntityBudget(App, 50);
        var (first, second) = (await cluster.Hold(30, "ann", App), await cluster.Hold(10, "ann", App));
        await cluster.Pool.Extend(second, 15);
        await cluster.Pool.Settle(PoolCluster.Settlement(first, 20));

        await cluster.Reactivate();

        Assert.Equal(new ScopeReading(cluster.Month, 20, 15, 50), await cluster.Pool.ReadEntity(App));
        Assert.Equal(new ScopeReading(cluster.Month, 20, 15, null), (await cluster.Pool.Read(new UserId("ann"))).Actor);
        var over = await cluster.Pool.Reserve(cluster.Request(16, "ann", App), 100);
        Assert.Equal(new Refusal(RefusalCode.EntityBudget, 80, 80, 15, 16, Retryable: true, EntityRemaining: 30), over.Refusal);
        Assert.Equal(15, (await cluster.Pool.Extend(second, 1)).HeldMicroCredits);
    }

    [Fact]
    public async Task L17_A_ledger_that_cannot_be_read_gives_no_hold_and_is_asked_again()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var request = cluster.Request(30);
        cluster.Ledger.FailReads(1);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Pool.Reserve(request, null));

        Assert.Equal((0, 0), await cluster.Numbers());
        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(request, null)).Outcome);
        Assert.Equal(1, cluster.Ledger.TakeOvers);
    }

    [Fact]
    public async Task L16_A_month_that_was_read_before_a_charge_and_arrives_after_it_forgets_nothing()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var read = cluster.Ledger.DelayNextRead();
        var late = cluster.Pool.Reserve(cluster.Request(5), 20);
        await read.Begun;
        var hold = await cluster.Hold(18);
        await cluster.Pool.Settle(PoolCluster.Settlement(hold, 18));

        read.Release();

        Assert.Equal(new Refusal(RefusalCode.CreditLimit, 2, 82, 0, 5), (await late).Refusal);
        Assert.Equal((18, 0), await cluster.Audit());
    }

    [Fact]
    public async Task L31_A_grant_delivered_again_adds_once_also_at_once_and_after_a_reactivation()
    {
        await using var cluster = await PoolCluster.Start(stores);

        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cluster.Pool.Grant("term-7", 100, "term")));
        await cluster.Reactivate();
        var again = await cluster.Pool.Grant("term-7", 100, "term");

        Assert.Equal(1, added.Count(true.Equals));
        Assert.False(again);
        Assert.Equal(100, (await cluster.Pool.Read(new UserId("ann"))).Pool.Included);
    }

    [Fact]
    public async Task L19_A_refused_grant_or_correction_leaves_its_key_usable()
    {
        await using var cluster = await PoolCluster.Start(stores);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => cluster.Pool.Grant("term-7", -5, "a slip"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => cluster.Pool.Adjust("fix-1", -5, null, cluster.Month, "a slip"));

        Assert.True(await cluster.Pool.Grant("term-7", 5, "mended"));
        Assert.True(await cluster.Pool.Adjust("fix-1", 5, null, cluster.Month, "mended"));
        Assert.Equal((5, 0), await cluster.Audit());
    }

    [Theory]
    [InlineData(-1, 1_000_000)]
    [InlineData(1_001, 1_000_000)]
    [InlineData(20, -1)]
    public async Task L19_A_policy_that_credits_money_is_refused(int slushPermille, long overageRate)
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 10);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => cluster.Pool.SetPolicy(new PoolPolicy(slushPermille, true, overageRate)));

        var (pool, _) = await cluster.Pool.Read(new UserId("ann"));
        Assert.Equal(new PoolReading(10, 0, 0, 0, 1_000_000, false), pool);
    }

    // The pool looks each of them up, as it has just begun and knows no history: all of them wait for that, and
    // decide one right after the other.
    private static List<ReserveRequest> AtOnce(PoolCluster cluster, int count)
    {
        cluster.Ledger.GateReads(count);
        return [.. Enumerable.Range(0, count).Select(_ => cluster.Request(1))];
    }

    // Five are settled and five voided: nothing stays held anywhere.
    private static async Task ResolveAll(PoolCluster cluster, List<ReserveRequest> requests, ReserveAnswer[] answers)
    {
        var held = requests.Where((_, i) => answers[i].Outcome == ReserveOutcome.Held).Select(request => request.Hold).ToList();
        await Task.WhenAll(held.Select((hold, i) =>
            i % 2 == 0 ? cluster.Pool.Settle(PoolCluster.Settlement(hold, 1)) : cluster.Pool.Void(hold)));

        var (_, actor) = await cluster.Pool.Read(new UserId("ann"));
        Assert.Equal(0, actor.Held);
        Assert.Equal((5, 0), await cluster.Audit());
    }
}
