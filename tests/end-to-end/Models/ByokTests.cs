using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>Calls that the tenant's own key pays.</summary>
public sealed class ByokTests(ServiceFixture fixture)
{
    private HttpClient Admin => fixture.Admin;

    [Fact]
    public async Task A_call_with_the_tenants_own_key_costs_no_credits_and_has_an_event()
    {
        var (provider, model) = await OwnModel();
        var (before, since) = (await Admin.Used(), fixture.Simulator.Log.LastId);

        var (events, text) = await UiStream.ReadAll(await Admin.Turn(await Admin.NewChat(new { modelId = model, name = "Test" }), "Hello #sim tokens=12"));

        var metadata = events[^1].Data.GetProperty("messageMetadata");
        Assert.Equal(("finish", "stop"), (events[^1].Type, events[^1].Text("finishReason")));
        Assert.NotEmpty(text);
        Assert.Equal((0m, 12), (metadata.GetProperty("credits").GetDecimal(), metadata.GetProperty("usage").GetProperty("outputTokens").GetInt32()));
        Assert.Equal(before, await Admin.Used());
        Assert.NotEmpty(fixture.Simulator.Log.Entries(since));
        Assert.True(fixture.Service.Count($"SELECT COUNT(*) FROM usage_event WHERE byok AND charged = 0 AND output_tokens = 12 AND provider_id = '{provider}'") > 0);
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
        Assert.True((await Admin.Budget()).GetProperty("byok").GetBoolean());
        await Remove(provider, model);
    }

    [Fact]
    public async Task BYOK_fails_closed_without_a_key_and_with_a_limited_one()
    {
        var (provider, model) = await OwnModel();
        var (before, since) = (await Admin.Used(), fixture.Simulator.Log.LastId);

        var limited = await Complete(model, "Hello #sim fault=status code=429 retry-after=0");
        await Admin.PutAsJsonAsync($"/api/providers/{provider}", new { credential = (object?)null });
        var missing = await Complete(model, "Hello");

        Assert.Equal((HttpStatusCode.BadGateway, "PROVIDER_RATE_LIMITED"), (limited.StatusCode, await Code(limited)));
        Assert.Equal((HttpStatusCode.BadGateway, "PROVIDER_CREDENTIAL_MISSING"), (missing.StatusCode, await Code(missing)));
        Assert.Single(fixture.Simulator.Log.Entries(since));
        Assert.Equal(before, await Admin.Used());
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
        await Remove(provider, model);
    }

    [Fact]
    public async Task A_provider_that_models_use_is_not_deleted()
    {
        var (provider, model) = await OwnModel();

        var refused = await Admin.DeleteAsync(new Uri($"/api/providers/{provider}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var error = await refused.Json();
        Assert.Equal("PROVIDER_IN_USE", error.GetProperty("code").GetString());
        Assert.Equal([model], error.GetProperty("models").EnumerateArray().Select(user => user.GetProperty("id").GetString()!));
        await Remove(provider, model);
        Assert.Equal(HttpStatusCode.NotFound, (await Admin.GetAsync(new Uri($"/api/providers/{provider}", UriKind.Relative))).StatusCode);
    }

    /// <summary>A model of a provider of one's own.</summary>
    internal static async Task<string> Model(HttpClient admin, string provider)
    {
        var answer = await admin.PostAsJsonAsync("/api/models", new
        {
            name = $"Own {provider}",
            providerId = provider,
            model = "sim-everyday",
            chat = true,
            tier = "everyday",
            contextWindow = 128_000,
            maxOutputTokens = 4_096,
            promptPpm = 1,
            completionPpm = 1,
        });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Json()).GetProperty("id").GetString()!;
    }

    private async Task<(string Provider, string Model)> OwnModel()
    {
        var answer = await Admin.PostAsJsonAsync("/api/providers", new
        {
            name = "Own",
            type = "openai-compatible",
            baseUrl = fixture.Simulator.BaseAddress,
            credential = ProviderTests.Credential("sk-own"),
        });
        var provider = (await answer.Json()).GetProperty("id").GetString()!;
        return (provider, await Model(Admin, provider));
    }

    private Task<HttpResponseMessage> Complete(string model, string prompt) =>
        Admin.PostAsJsonAsync($"/api/models/{model}/_completion", new { prompt });

    private static async Task<string?> Code(HttpResponseMessage answer) => (await answer.Json()).GetProperty("code").GetString();

    private async Task Remove(string provider, string model)
    {
        Assert.Equal(HttpStatusCode.OK, (await Admin.DeleteAsync(new Uri($"/api/models/{model}", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Admin.DeleteAsync(new Uri($"/api/providers/{provider}", UriKind.Relative))).StatusCode);
    }
}
