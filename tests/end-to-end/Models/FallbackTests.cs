using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>A model that fails before it has said anything gives way to the next, within one hold.</summary>
public sealed class FallbackTests(ServiceFixture fixture)
{
    private HttpClient Analyst => fixture.Analyst;

    [Theory]
    [InlineData("fault=status code=500")]
    [InlineData("fault=status code=429")]
    [InlineData("fault=status code=408")]
    [InlineData("fault=reset-before-headers")]
    [InlineData("fault=error-200")]
    public async Task The_next_model_answers_and_is_what_is_charged(string fault)
    {
        var (first, second) = await Pair();
        var before = await Analyst.Used();
        var since = fixture.Simulator.Log.LastId;

        var (events, text) = await UiStream.ReadAll(await Analyst.Turn(
            await Analyst.NewChat(new { modelId = first, name = "Test" }), $"Hello {first} #sim tokens=20 {fault} times=1"));

        Assert.NotEmpty(text);
        Assert.Equal(second, events[0].Data.GetProperty("messageMetadata").GetProperty("modelId").GetString());
        var served = fixture.Simulator.Log.Entries(since);
        Assert.Equal(["sim-everyday", "sim-strategic"], served.Select(call => call.Model));
        // Ten and forty dollars a million tokens.
        await AssertCharged(before, ((served[1].PromptTokens * 1_000) + (20 * 4_000)) / 1_000_000m);
        Assert.Equal(1, Event($"model_id = '{second}' AND held_model_id = '{first}' AND price_version LIKE '%\"completionPpm\":40,%'"));
        Assert.Equal(1, fixture.Service.Count(
            "SELECT COUNT(*) FROM ledger_entry WHERE kind = 'extend' AND hold_id = (SELECT hold_id FROM usage_event WHERE seq = (SELECT MAX(seq) FROM usage_event))"));
    }

    [Fact]
    public async Task A_model_that_is_silent_gives_way_even_when_its_stream_has_begun()
    {
        var (first, second) = await Pair();

        var (events, text) = await UiStream.ReadAll(await Analyst.Turn(
            await Analyst.NewChat(new { modelId = first, name = "Test" }), $"Hello {first} #sim tokens=20 fault=hang-before-headers times=1"));

        Assert.NotEmpty(text);
        Assert.Equal(first, events[0].Data.GetProperty("messageMetadata").GetProperty("modelId").GetString());
        Assert.Equal("finish", events[^1].Type);
        Assert.Equal(second, events[^1].Data.GetProperty("messageMetadata").GetProperty("modelId").GetString());
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
    }

    [Fact]
    public async Task When_all_fail_it_is_502_and_costs_nothing()
    {
        var (first, _) = await Pair();
        var before = await Analyst.Used();

        var answer = await Analyst.Turn(await Analyst.NewChat(new { modelId = first, name = "Test" }), $"Hello {first} #sim fault=status code=503");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        await AssertCharged(before, 0);
    }

    [Fact]
    public async Task A_call_that_the_provider_rejects_is_not_sent_to_another()
    {
        var (first, _) = await Pair();
        var since = fixture.Simulator.Log.LastId;

        var answer = await Analyst.Turn(await Analyst.NewChat(new { modelId = first, name = "Test" }), $"Hello {first} #sim fault=status code=400");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Single(fixture.Simulator.Log.Entries(since));
    }

    [Fact]
    public async Task L13_A_model_that_fails_after_its_first_word_does_not_give_way()
    {
        var (first, _) = await Pair();
        var since = fixture.Simulator.Log.LastId;

        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(
            await Analyst.NewChat(new { modelId = first, name = "Test" }), $"Hello {first} #sim fault=reset after=3"));

        Assert.Equal("error", events[^1].Type);
        Assert.Single(fixture.Simulator.Log.Entries(since));
    }

    [Fact]
    public async Task A_fallback_of_a_tier_that_is_not_allowed_is_not_called()
    {
        var (first, _) = await Pair(tier: "strategic");
        var profiles = await (await fixture.Admin.GetAsync(new Uri("/api/usage-profiles", UriKind.Relative))).Json();
        var profile = profiles.GetProperty("_embedded").GetProperty("inf:usage-profile")[0];
        var id = profile.GetProperty("id").GetString();
        var since = fixture.Simulator.Log.LastId;
        (await fixture.Admin.PutAsJsonAsync($"/api/usage-profiles/{id}", new { allowedModelTiers = new[] { "everyday", "advanced" } })).EnsureSuccessStatusCode();
        try
        {
            var answer = await Analyst.Turn(await Analyst.NewChat(new { modelId = first, name = "Test" }), $"Hello {first} #sim fault=status code=500 times=1");

            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            Assert.Single(fixture.Simulator.Log.Entries(since));
        }
        finally
        {
            await fixture.Admin.PutAsJsonAsync($"/api/usage-profiles/{id}", new { allowedModelTiers = profile.GetProperty("allowedModelTiers") });
        }
    }

    [Fact]
    public async Task L4_A_fallback_that_the_hold_cannot_be_extended_to_is_not_called()
    {
        var (first, _) = await Pair();
        var app = await fixture.Admin.NewApp(budget: 1);
        var (before, since) = (await Analyst.Used(), fixture.Simulator.Log.LastId);

        var answer = await Analyst.Begin(
            $"/api/models/{first}/_completion", new { prompt = $"Hello {first} #sim fault=status code=500 times=1", entity = app });

        Assert.Equal((HttpStatusCode.BadGateway, "PROVIDER_ERROR"), (answer.StatusCode, (await answer.Json()).GetProperty("code").GetString()));
        Assert.Single(fixture.Simulator.Log.Entries(since));
        await AssertCharged(before, 0);
    }

    [Fact]
    public async Task A_direct_call_falls_back_too()
    {
        var second = await fixture.Admin.NewModel(new { name = "E2", slug = Name(), model = "sim-embedding", createEmbeddings = true, promptPpm = 10, dimensions = 64 });
        var first = await fixture.Admin.NewModel(new { name = "E1", slug = Name(), model = "sim-embedding", createEmbeddings = true, promptPpm = 1, fallbackIds = new[] { second } });
        var before = await Analyst.Used();

        var made = await (await Analyst.PostAsJsonAsync($"/api/models/{first}/_embed", new { input = $"Hello {first} #sim fault=status code=500 times=1" })).Json();

        Assert.Equal((second, 64), (made.GetProperty("model").GetString(), made.GetProperty("dimensions").GetInt32()));
        var credits = made.GetProperty("usage").GetProperty("inputTokens").GetInt64() * 1_000 / 1_000_000m;
        Assert.Equal(credits, made.GetProperty("credits").GetDecimal());
        await AssertCharged(before, credits);
        Assert.Equal(1, Event($"model_id = '{second}' AND held_model_id = '{first}'"));
    }

    // A cheap model, and a dear one that steps in for it.
    private async Task<(string First, string Second)> Pair(string tier = "everyday")
    {
        var second = await fixture.Admin.NewModel(new { name = "Second", slug = Name(), model = "sim-strategic", tier, promptPpm = 10, completionPpm = 40 });
        var first = await fixture.Admin.NewModel(new { name = "First", slug = Name(), model = "sim-everyday", promptPpm = 1, completionPpm = 4, fallbackIds = new[] { second } });
        return (first, second);
    }

    private static string Name() => $"fb-{Guid.CreateVersion7():N}";

    private long Event(string condition) =>
        fixture.Service.Count($"SELECT COUNT(*) FROM usage_event WHERE seq = (SELECT MAX(seq) FROM usage_event) AND {condition}");

    private async Task AssertCharged((decimal Month, decimal Pool) before, decimal credits)
    {
        Assert.Equal((before.Month + credits, before.Pool + credits), await Analyst.Used());
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
    }
}
