using Informer.Ai.Models;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

public abstract class AdmissionTests(PoolStores stores)
{
    private static readonly EntityRef App = new("app", "a");

    [Fact]
    public async Task The_checks_are_made_in_order_whatever_else_fails()
    {
        await using var cluster = await PoolCluster.Start(stores);
        await cluster.Pool.SetEntityBudget(App, 0);
        await Change(cluster, cap: 0, [Tier.Everyday]);
        var request = cluster.Request(5_000_000, entity: App, tier: Tier.Strategic);

        Assert.Equal(RefusalCode.NotEntitled, await Code(cluster, request));

        await cluster.TenantGrain.Entitle(new Entitlement(true, false, cluster.Clocks.GetUtcNow().AddDays(1)));
        var tier = (await cluster.Profile("ann").Reserve(request)).Refusal!;
        Assert.Equal((RefusalCode.TierNotAllowed, Tier.Strategic, 0, 0, 0, 5_000_000), (tier.Code, tier.Tier, tier.ProfileRemaining, tier.PoolRemaining, tier.Held, tier.Required));
        Assert.Equal([Tier.Everyday], tier.AllowedTiers);

        await Change(cluster, cap: 0, Tier.All);
        Assert.Equal(RefusalCode.CreditLimit, await Code(cluster, request));

        await Change(cluster, cap: 5, Tier.All);
        var budget = (await cluster.Profile("ann").Reserve(request)).Refusal!;
        Assert.Equal((RefusalCode.EntityBudget, 5_000_000, 0), (budget.Code, budget.ProfileRemaining, budget.EntityRemaining));

        await cluster.Pool.SetEntityBudget(App, null);
        Assert.Equal(RefusalCode.PoolExhausted, await Code(cluster, request));

        await cluster.Pool.Grant("term", 5_000_000, "term");
        Assert.Equal(ReserveOutcome.Held, (await cluster.Profile("ann").Reserve(request)).Outcome);
    }

    [Fact]
    public async Task The_tenants_own_key_passes_entitlement_and_tier_and_no_other_check()
    {
        await using var cluster = await PoolCluster.Start(stores);
        await cluster.Pool.SetEntityBudget(App, 0);
        await Change(cluster, cap: 0, [Tier.Everyday]);
        var request = cluster.Request(5, entity: App, byok: true, tier: Tier.Strategic);

        Assert.Equal(RefusalCode.NotEntitled, await Code(cluster, request));
        await cluster.TenantGrain.Entitle(new Entitlement(true, true, cluster.Clocks.GetUtcNow().AddDays(1)));
        Assert.Equal(RefusalCode.TierNotAllowed, await Code(cluster, request));

        Assert.Equal(ReserveOutcome.Held, (await cluster.Profile("ann").Reserve(request with { Tier = Tier.Everyday })).Outcome);
    }

    [Fact]
    public async Task An_entitlement_ends_at_its_moment()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        await cluster.TenantGrain.Entitle(new Entitlement(true, false, cluster.Clocks.GetUtcNow().AddHours(1)));
        Assert.Equal(ReserveOutcome.Held, (await cluster.Profile("ann").Reserve(cluster.Request(5))).Outcome);
        Assert.True((await cluster.Profile("ann").Budget()).Configured);

        await cluster.Pass(TimeSpan.FromHours(1));

        Assert.Equal(RefusalCode.NotEntitled, await Code(cluster, cluster.Request(5)));
        Assert.False((await cluster.Profile("ann").Budget()).Configured);
    }

    [Fact]
    public async Task L16_The_numbers_of_a_refusal_are_those_of_the_budget_reading()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 7_000_000);
        await cluster.TenantGrain.Entitle(new Entitlement(true, false, cluster.Clocks.GetUtcNow().AddDays(1)));
        await Change(cluster, cap: 5, Tier.All);
        var first = cluster.Request(1_000_001);
        await cluster.Profile("ann").Reserve(first);
        await cluster.Pool.Settle(PoolCluster.Settlement(first.Hold, 1_000_001));
        await cluster.Profile("ann").Reserve(cluster.Request(3));

        var refusal = (await cluster.Profile("ann").Reserve(cluster.Request(4_000_000))).Refusal!;
        var budget = await cluster.Profile("ann").Budget();

        Assert.Equal(new Refusal(RefusalCode.CreditLimit, 3_999_999, 5_999_999, 3, 4_000_000), refusal);
        Assert.Equal(refusal.PoolRemaining, budget.Pool.Remaining);
        Assert.Equal(refusal.ProfileRemaining, (budget.Profile!.CreditCapPerMonth * 1_000_000) - budget.Month.Settled);
        Assert.Equal(refusal.Held, budget.Month.Held);
        Assert.Equal(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero), budget.ResetsAt);
    }

    private static async Task<RefusalCode> Code(PoolCluster cluster, ReserveRequest request) =>
        (await cluster.Profile("ann").Reserve(request)).Refusal!.Code;

    private static async Task Change(PoolCluster cluster, long? cap, System.Collections.Immutable.ImmutableArray<string> tiers)
    {
        var profile = (await cluster.TenantGrain.Profiles()).Single(known => known.IsDefault);
        Assert.True(await cluster.TenantGrain.ChangeProfile(profile with { CreditCapPerMonth = cap, AllowedTiers = tiers }));
    }
}
