using System.Net;
using System.Text.Json;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Credits;

/// <summary>The proof of the ledger, asked for over HTTP: processes of their own, whose databases are tampered with.</summary>
public sealed class VerificationTests
{
    private const string WrongRollups = "UPDATE usage_rollup SET charged = charged + 1 WHERE dimension = 'tenant'";
    private const string MendedRollups = "UPDATE usage_rollup SET charged = charged - 1 WHERE dimension = 'tenant'";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task L16_The_ledger_is_the_budget_that_callers_read_and_only_a_superuser_sees_the_proof()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var service = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(simulator));
        using var admin = service.ClientOf("admin");
        using var analyst = service.ClientOf("analyst");
        await Spend(analyst);

        foreach (var (full, rows) in new[] { (false, 3), (true, 3), (false, 0) })
        {
            var verified = await Verify(admin, full);
            var pool = (await analyst.Budget()).GetProperty("pool");

            Assert.True(verified.GetProperty("verified").GetBoolean(), verified.ToString());
            Assert.Equal(("demo", full, 3, rows), (
                verified.GetProperty("tenant").GetString(),
                verified.GetProperty("full").GetBoolean(),
                verified.GetProperty("seq").GetInt32(),
                verified.GetProperty("rowsChecked").GetInt32()));
            Assert.True(Credits(verified, "settled") > 0);
            Assert.Equal(Credits(pool, "included"), Credits(verified, "granted"));
            Assert.Equal(Credits(pool, "used"), Credits(verified, "settled"));
            Assert.Equal(Credits(pool, "remaining"), Credits(verified, "available") + Credits(verified, "held"));
            Assert.Equal(pool.ToString(), verified.GetProperty("api").ToString());
        }

        var refused = await analyst.GetAsync(new Uri("/api/_ledger/verify", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN"), (refused.StatusCode, await Code(refused)));
        using var nobody = service.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(new Uri("/api/_ledger/verify", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task L1_A_rollup_that_is_wrong_stops_new_turns_until_it_is_right_again()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var service = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(simulator, ("Informer__Credits__VerifyEvery", "01:00:00")));
        using var admin = service.ClientOf("admin");
        using var analyst = service.ClientOf("analyst");
        await Spend(analyst);
        service.Tamper(WrongRollups);

        var verified = await Verify(admin);
        var chat = await analyst.NewChat();
        var called = simulator.Log.LastId;
        var refused = await analyst.Turn(chat, "Hello");

        Assert.False(verified.GetProperty("verified").GetBoolean());
        Assert.Equal(["rollups"], Failed(verified));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "LEDGER_INCONSISTENT"), (refused.StatusCode, await Code(refused)));
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(called, simulator.Log.LastId);
        Assert.Empty(await analyst.Messages(chat));
        Assert.Equal(HttpStatusCode.OK, (await analyst.GetAsync(new Uri("/api/ai-budget", UriKind.Relative))).StatusCode);

        service.Tamper(MendedRollups);
        Assert.True((await Verify(admin)).GetProperty("verified").GetBoolean());
        var (events, _) = await UiStream.ReadAll(await analyst.Turn(chat, "Hello"));
        Assert.Equal("finish", events[^1].Type);
    }

    [Fact]
    public async Task L1_A_service_finds_out_by_itself_and_remembers_it()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        var settings = ServiceFixture.SettingsFor(simulator, ("Informer__Credits__VerifyEvery", "00:00:01"));
        await using (var service = await ServiceProcess.Start(directory.Path, settings))
        {
            using var analyst = service.ClientOf("analyst");
            await Spend(analyst);
            service.Tamper(WrongRollups);
            await Spend(analyst);
            await ServiceCalls.Eventually(async () => await Refused(analyst), Soon);
            await service.Kill();
        }

        await using var second = await ServiceProcess.Start(directory.Path, settings);
        using var again = second.ClientOf("analyst");
        Assert.True(await Refused(again));
        second.Tamper(MendedRollups);
        await ServiceCalls.Eventually(async () => !await Refused(again), Soon);
    }

    [Fact]
    public async Task Rollups_are_rebuilt_by_a_command_that_says_what_it_changed()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        var settings = ServiceFixture.SettingsFor(simulator, ("Informer__Credits__VerifyEvery", "01:00:00"));
        await using (var service = await ServiceProcess.Start(directory.Path, settings))
        {
            using var analyst = service.ClientOf("analyst");
            await Spend(analyst);
            service.Tamper(WrongRollups);
            await using var early = ServiceProcess.Launch(directory.Path, settings, "rebuild-rollups");
            Assert.Equal(1, await early.Exited(Soon));
            await service.Kill();
        }

        await using var unknown = ServiceProcess.Launch(directory.Path, settings, "rebuild-rollups", "nobody");
        Assert.Equal(1, await unknown.Exited(Soon));
        await using var rebuild = ServiceProcess.Launch(directory.Path, settings, "rebuild-rollups", "demo");
        Assert.Equal(0, await rebuild.Exited(Soon));
        await using var nothing = ServiceProcess.Launch(directory.Path, settings, "rebuild-rollups", "--Informer:DrainSeconds=1");
        Assert.Equal(0, await nothing.Exited(Soon));

        Assert.Contains("demo", unknown.Console);
        Assert.Contains("demo: 1 rollups corrected", rebuild.Console);
        Assert.Contains("Tenant  ai: -1 micro-credits, 0 events, 0 tokens", rebuild.Console);
        Assert.Contains("demo: 0 rollups corrected", nothing.Console);
        await using var second = await ServiceProcess.Start(directory.Path, settings);
        using var admin = second.ClientOf("admin");
        Assert.True((await Verify(admin, full: true)).GetProperty("verified").GetBoolean());
    }

    private static async Task Spend(HttpClient analyst)
    {
        var (events, _) = await UiStream.ReadAll(await Ask(analyst));
        Assert.Equal("finish", events[^1].Type);
    }

    private static Task<HttpResponseMessage> Ask(HttpClient analyst) =>
        analyst.Begin("/api/models/go_everyday/_completion", new { prompt = "Hello #sim tokens=5" });

    private static async Task<bool> Refused(HttpClient analyst)
    {
        using var answer = await Ask(analyst);
        if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
        {
            return false;
        }

        Assert.Equal("LEDGER_INCONSISTENT", await Code(answer));
        return true;
    }

    private static async Task<JsonElement> Verify(HttpClient admin, bool full = false)
    {
        var answer = await admin.GetAsync(new Uri($"/api/_ledger/verify?full={(full ? "true" : "false")}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Json();
    }

    private static IEnumerable<string?> Failed(JsonElement verified) => verified.GetProperty("checks").EnumerateArray()
        .Where(check => !check.GetProperty("passed").GetBoolean())
        .Select(check => check.GetProperty("name").GetString());

    private static decimal Credits(JsonElement of, string name) => of.GetProperty(name).GetDecimal();

    private static async Task<string?> Code(HttpResponseMessage answer) => (await answer.Json()).GetProperty("code").GetString();
}
