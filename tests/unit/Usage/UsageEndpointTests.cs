using System.Net;
using Informer.Ai.Credits;
using Informer.Ai.Gateway;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Usage;

/// <summary>Budgets and profiles over HTTP.</summary>
public class UsageEndpointTests
{
    [Fact]
    public async Task The_budget_is_the_contract_s()
    {
        await using var host = await GatewayHost.Start();

        Assert.Equal(
            """{"configured":true,"byok":false,"slushActive":false,"profile":{"name":"Standard","slug":"standard","creditCapPerMonth":5000,"allowedModelTiers":["everyday","advanced"],"features":[]},"monthly":{"creditsUsed":1234.5,"creditCap":5000,"percentUsed":24.7,"resetsAt":"2026-06-01T00:00:00Z","isUnlimited":false},"pool":{"included":50000,"used":12340,"remaining":37660,"overageRate":1}}""",
            await host.Http.GetStringAsync("/api/ai-budget"));
    }

    [Fact]
    public async Task A_profile_changes_in_the_fields_that_are_sent()
    {
        await using var host = await GatewayHost.Start(Samples.Analyst(Permission.TenantSuperuser));

        using var response = await host.Put("/api/usage-profiles/p1", """{ "creditCapPerMonth": null, "allowedModelTiers": ["strategic"], "slug": "x" }""");
        var profile = Assert.Single(host.Tenant.UsageProfiles);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True((await GatewayHost.Body(response)).GetProperty("isUnlimited").GetBoolean());
        Assert.Equal(("Standard", "standard", null), (profile.Name, profile.Slug, profile.CreditCapPerMonth));
        Assert.Equal(["strategic"], profile.AllowedTiers);
    }

    [Theory]
    [InlineData("""{ "creditCapPerMonth": -1 }""", "creditCapPerMonth")]
    [InlineData("""{ "creditCapPerMonth": 1.5 }""", "creditCapPerMonth")]
    [InlineData("""{ "creditCapPerMonth": "10" }""", "creditCapPerMonth")]
    [InlineData("""{ "creditCapPerMonth": 9223372036855 }""", "creditCapPerMonth")]
    [InlineData("""{ "allowedModelTiers": ["free"] }""", "allowedModelTiers")]
    [InlineData("""{ "name": "" }""", "name")]
    public async Task L19_Nonsense_does_not_become_a_limit(string json, string path)
    {
        await using var host = await GatewayHost.Start(Samples.Analyst(Permission.UsageWrite));

        using var response = await host.Put("/api/usage-profiles/p1", json);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(path, (await GatewayHost.Body(response)).GetProperty("validation")[0].GetProperty("path").GetString());
        Assert.Equal(Samples.Profile, Assert.Single(host.Tenant.UsageProfiles));
    }

    [Fact]
    public async Task L20_An_entity_budget_of_0_of_null_and_none_are_three_things()
    {
        await using var host = await GatewayHost.Start(Samples.Analyst(Permission.TenantSuperuser));
        var entity = new EntityRef("app", "sales/eu");
        const string Path = "/api/usage-budgets/app/sales%2Feu";

        await host.Put(Path, "{}");
        Assert.Empty(host.Tenant.Budgets);

        var zero = await GatewayHost.Body(await host.Put(Path, """{ "monthlyBudget": 0 }"""));
        Assert.Equal(0, host.Tenant.Budgets[entity]);
        Assert.Equal((true, true), (zero.GetProperty("hasBudget").GetBoolean(), zero.GetProperty("isOverBudget").GetBoolean()));

        await host.Put(Path, """{ "monthlyBudget": 10 }""");
        var some = await host.Http.GetStringAsync(Path);
        Assert.Equal(
            """{"_links":{"self":{"href":"/api/usage-budgets/app/sales%2Feu"}},"id":"app:sales/eu","entityId":"sales/eu","entityType":"app","monthlyBudget":10,"creditsUsed":2.5,"periodStart":"2026-05-01T00:00:00Z","hasBudget":true,"budgetRemaining":7.5,"budgetPercent":25,"isOverBudget":false,"createdAt":null,"updatedAt":null}""",
            some);

        var none = await GatewayHost.Body(await host.Put(Path, """{ "monthlyBudget": null }"""));
        Assert.Null(host.Tenant.Budgets[entity]);
        Assert.False(none.GetProperty("hasBudget").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("/api/usage-budgets/table/x")).StatusCode);
    }
}
