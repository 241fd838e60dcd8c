using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Credits;

/// <summary>Two hundred calls at once on credits that cover a few: a process of its own, since it empties the pool.</summary>
public sealed class ConcurrencyTests
{
    private const int Calls = 200;

    [Fact]
    public Task L2_a_pool_is_never_overspent() => Race("POOL_EXHAUSTED", "poolRemaining", 1.02m, async (_, _) => await Task.CompletedTask);

    [Fact]
    public Task L4_a_monthly_cap_is_never_overspent() => Race("CREDIT_LIMIT", "profileRemaining", 1m, async (admin, _) =>
    {
        var profiles = await (await admin.GetAsync(new Uri("/api/usage-profiles", UriKind.Relative))).Json();
        var id = profiles.GetProperty("_embedded").GetProperty("inf:usage-profile")[0].GetProperty("id").GetString();
        (await admin.PutAsJsonAsync($"/api/usage-profiles/{id}", new { creditCapPerMonth = 1 })).EnsureSuccessStatusCode();
    });

    [Fact]
    public Task L5_an_entity_budget_is_never_overspent() => Race("ENTITY_BUDGET", "entityRemaining", 1m, async (admin, analyst) =>
    {
        (await admin.PutAsJsonAsync("/api/usage-budgets/app/a1", new { monthlyBudget = 1 })).EnsureSuccessStatusCode();
        analyst.DefaultRequestHeaders.Add("x-informer-entity", "app:a1");
    });

    [Fact]
    public async Task A_long_answer_on_a_nearly_empty_pool_ends_with_length_and_says_what_limited_it()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var service = await ServiceProcess.Start(
            directory.Path, ServiceFixture.SettingsFor(simulator, ("Informer__BootstrapCredits", "1")));
        using var analyst = service.ClientOf("analyst");
        var chat = await analyst.NewChat(new { modelId = "go_advanced", name = "Long", outputSize = "large" });

        // A credit covers some six slices of the advanced model.
        var (events, text) = await UiStream.ReadAll(await analyst.Turn(chat, "Go on #sim tokens=16000"));

        var finish = events[^1];
        var metadata = finish.Data.GetProperty("messageMetadata");
        Assert.Equal("length", finish.Text("finishReason"));
        Assert.Equal("POOL_EXHAUSTED", metadata.GetProperty("limitedBy").GetString());
        var output = metadata.GetProperty("usage").GetProperty("outputTokens").GetInt32();
        Assert.InRange(output, 5_000, 7_000);
        Assert.Equal(output, events.Count(happened => happened.Type == "text-delta"));
        Assert.True(text.Length > output);
        Assert.Equal(0, service.Count("SELECT COUNT(*) FROM credit_hold"));
        Assert.Equal(1, service.Count("SELECT settled <= granted + granted / 50 FROM credit_pool WHERE tenant = 'demo'"));
        Assert.Equal(metadata.GetProperty("credits").GetDecimal(), (await analyst.Used()).Pool);
    }

    private static async Task Race(string code, string remaining, decimal limit, Func<HttpClient, HttpClient, Task> limitBy)
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var service = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(
            simulator, ("Informer__BootstrapCredits", code == "POOL_EXHAUSTED" ? "1" : "50000"), ("Informer__Turns__ProviderIdleTimeout", "00:01:00")));
        using var admin = service.ClientOf("admin");
        using var analyst = service.ClientOf("analyst");
        await limitBy(admin, analyst);

        // Every admitted call hangs after three tokens, so that all of them hold their credits together. With so
        // long a prompt, a credit covers ten of them.
        var body = new { prompt = string.Join(' ', Enumerable.Repeat("word", 5_500)) + "\n#sim fault=hang after=3" };
        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => analyst.Begin("/api/models/go_everyday/_completion", body)));
        var admitted = answers.Where(answer => answer.StatusCode == HttpStatusCode.OK).ToList();
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.PaymentRequired).ToList();
        var refusals = await Task.WhenAll(refused.Select(answer => answer.Json()));

        Assert.Equal(Calls, admitted.Count + refused.Count);
        var required = refusals[0].GetProperty("required").GetDecimal();
        Assert.Equal(10, admitted.Count);
        Assert.Equal((int)(limit / required), admitted.Count);
        Assert.Equal(admitted.Count, service.Count("SELECT COUNT(*) FROM credit_hold"));
        var budget = await analyst.Budget();
        foreach (var refusal in refusals)
        {
            AssertSameNumbers(refusal, budget, code, remaining);
        }

        foreach (var answer in admitted)
        {
            answer.Dispose();
        }

        await ServiceCalls.Eventually(
            () => Task.FromResult(service.Count("SELECT COUNT(*) FROM usage_event") == admitted.Count), TimeSpan.FromSeconds(20));
        Assert.Equal(0, service.Count("SELECT COUNT(*) FROM credit_hold"));
        Assert.Equal(0, service.Count("SELECT held FROM credit_pool WHERE tenant = 'demo'"));
        Assert.Equal(0, service.Count("SELECT p.settled - (SELECT SUM(charged) FROM usage_event) FROM credit_pool p WHERE p.tenant = 'demo'"));

        // What the held calls did not use can be held again.
        var (events, _) = await UiStream.ReadAll(await analyst.Begin("/api/models/go_advanced/_completion", new { prompt = "Once more #sim tokens=5" }));
        Assert.Equal("finish", events[^1].Type);
    }

    private static void AssertSameNumbers(JsonElement refusal, JsonElement budget, string code, string remaining)
    {
        Assert.Equal(code, refusal.GetProperty("code").GetString());
        Assert.True(refusal.GetProperty("retryable").GetBoolean());
        Assert.True(refusal.GetProperty("held").GetDecimal() > 0);
        Assert.Equal(budget.GetProperty("pool").GetProperty("remaining").GetDecimal(), refusal.GetProperty("poolRemaining").GetDecimal());
        var monthly = budget.GetProperty("monthly");
        Assert.Equal(
            monthly.GetProperty("creditCap").GetDecimal() - monthly.GetProperty("creditsUsed").GetDecimal(),
            refusal.GetProperty("profileRemaining").GetDecimal());
        Assert.True(refusal.GetProperty(remaining).GetDecimal() > 0);
    }
}
