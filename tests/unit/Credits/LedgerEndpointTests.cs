using System.Net;
using Informer.Ai.Gateway;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>What a verification looks like over HTTP.</summary>
public class LedgerEndpointTests
{
    private static readonly LedgerVerification Found = new(
        new TenantId("demo"), 12, 50_000_000_000, 1_234_567, 500_000, false, 3,
        [new LedgerCheck("rollups", true)],
        new PoolReading(50_000_000_000, 1_234_567, 500_000, 0, 1_000_000, false),
        TimeSpan.FromMilliseconds(2.5), Samples.Noon);

    [Fact]
    public async Task A_proof_has_the_ledger_s_numbers_and_those_of_the_budget()
    {
        await using var host = await GatewayHost.Start(Samples.Analyst(Permission.TenantSuperuser));
        host.Tenant.Verification = Found;

        Assert.Equal(
            """{"tenant":"demo","verified":true,"full":true,"seq":12,"granted":50000,"settled":1.234567,"held":0.5,"available":49998.265433,"rowsChecked":3,"api":{"included":50000,"used":1.234567,"remaining":49998.765433,"overageRate":1},"checks":[{"name":"rollups","passed":true,"detail":null},{"name":"api","passed":true,"detail":null}],"durationMs":2.5,"checkedAt":"2026-05-23T12:00:00Z"}""",
            await host.Http.GetStringAsync("/api/_ledger/verify?full=true"));
    }

    [Fact]
    public async Task L16_A_budget_that_is_not_the_ledger_s_is_no_proof()
    {
        await using var host = await GatewayHost.Start(Samples.Analyst(Permission.TenantSuperuser));
        host.Tenant.Verification = Found with { Reading = Found.Reading with { Used = 1_234_568 } };

        var body = await GatewayHost.Body(await host.Http.GetAsync("/api/_ledger/verify"));

        Assert.False(body.GetProperty("verified").GetBoolean());
        Assert.Equal(("api", false), (body.GetProperty("checks")[1].GetProperty("name").GetString(), body.GetProperty("checks")[1].GetProperty("passed").GetBoolean()));
    }

    [Fact]
    public async Task A_failed_check_says_what_did_not_agree_and_is_still_an_answer()
    {
        await using var host = await GatewayHost.Start(Samples.Analyst(Permission.TenantSuperuser));
        host.Tenant.Verification = Found with { Checks = [new LedgerCheck("totals", false, "held is 2 where 1 was expected")] };

        using var response = await host.Http.GetAsync("/api/_ledger/verify");
        var body = await GatewayHost.Body(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(body.GetProperty("verified").GetBoolean());
        Assert.Equal("held is 2 where 1 was expected", body.GetProperty("checks")[0].GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Only_a_superuser_is_answered()
    {
        await using var host = await GatewayHost.Start(Samples.Analyst(Permission.AiManage, Permission.UsageWrite));

        using var response = await host.Http.GetAsync("/api/_ledger/verify");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }
}
