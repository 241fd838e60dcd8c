using System.Net;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>Each way in which a provider misbehaves: the answer, and the charge or none.</summary>
public sealed class ProviderFaultTests(ServiceFixture fixture)
{
    private HttpClient Analyst => fixture.Analyst;

    [Theory]
    [InlineData("fault=status code=400", "PROVIDER_REJECTED")]
    [InlineData("fault=status code=401", "PROVIDER_REJECTED")]
    [InlineData("fault=status code=403", "PROVIDER_REJECTED")]
    [InlineData("fault=status code=404", "PROVIDER_REJECTED")]
    [InlineData("fault=status code=408", "PROVIDER_TIMEOUT")]
    [InlineData("fault=status code=409", "PROVIDER_REJECTED")]
    [InlineData("fault=status code=422", "PROVIDER_REJECTED")]
    [InlineData("fault=status code=429 retry-after=7", "PROVIDER_RATE_LIMITED")]
    [InlineData("fault=status code=500", "PROVIDER_ERROR")]
    [InlineData("fault=status code=502", "PROVIDER_ERROR")]
    [InlineData("fault=status code=503", "PROVIDER_ERROR")]
    [InlineData("fault=status code=504", "PROVIDER_TIMEOUT")]
    [InlineData("fault=reset-before-headers", "PROVIDER_UNREACHABLE")]
    [InlineData("fault=redirect", "PROVIDER_REJECTED")]
    [InlineData("fault=reset after=0", "PROVIDER_UNREACHABLE")]
    public async Task L12_a_failure_before_the_first_event_is_502_and_costs_nothing(string directive, string code)
    {
        var chat = await Analyst.NewChat();
        var before = await Analyst.Used();
        var since = fixture.Simulator.Log.LastId;

        var answer = await Analyst.Turn(chat, $"Hello #sim {directive}");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(code, (await answer.Json()).GetProperty("code").GetString());
        await AssertNothingCharged(before);
        Assert.Empty(await Analyst.Messages(chat));
        Assert.Single(fixture.Simulator.Log.Entries(since));
    }

    [Theory]
    [InlineData("fault=error-200")]
    [InlineData("fault=truncated-json after=0")]
    public async Task L12_nonsense_in_place_of_an_answer_costs_nothing(string directive)
    {
        var chat = await Analyst.NewChat();
        var before = await Analyst.Used();

        var answer = await Analyst.Turn(chat, $"Hello #sim {directive}");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("PROVIDER_ERROR", (await answer.Json()).GetProperty("code").GetString());
        await AssertNothingCharged(before);
    }

    [Fact]
    public async Task L12_a_provider_that_hangs_before_its_headers_ends_in_an_error_and_costs_nothing()
    {
        var chat = await Analyst.NewChat();
        var before = await Analyst.Used();

        // The stream begins after a while, so that proxies keep the connection.
        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(chat, "Hello #sim fault=hang-before-headers"));

        Assert.Equal(["start", "start-step", "finish-step", "error"], events.Select(happened => happened.Type));
        await AssertNothingCharged(before);
        Assert.Equal("user", Assert.Single(await Analyst.Messages(chat)).GetProperty("role").GetString());
    }

    [Theory]
    [InlineData("fault=hang after=4")]
    [InlineData("fault=reset after=4")]
    [InlineData("fault=no-done tokens=4")]
    [InlineData("fault=truncated-json after=4")]
    [InlineData("fault=cut-line after=4")]
    [InlineData("fault=invalid-utf8 after=4")]
    [InlineData("fault=error-mid-stream after=4")]
    public async Task L13_a_failure_in_mid_stream_is_an_error_event_and_what_came_is_kept_and_charged(string directive)
    {
        var chat = await Analyst.NewChat();
        var before = await Analyst.Used();

        var (events, text) = await UiStream.ReadAll(await Analyst.Turn(chat, $"Hello #sim {directive}"));

        Assert.Equal("error", events[^1].Type);
        Assert.DoesNotContain("Exception", events[^1].Text("errorText"));
        Assert.Equal(4, events.Count(happened => happened.Type == "text-delta"));
        var answer = (await Analyst.Messages(chat))[^1];
        var metadata = answer.GetProperty("metadata");
        Assert.Equal("error", metadata.GetProperty("finishReason").GetString());
        Assert.True(metadata.GetProperty("estimated").GetBoolean());
        Assert.Equal(4, metadata.GetProperty("usage").GetProperty("outputTokens").GetInt32());
        Assert.Contains(answer.GetProperty("parts").EnumerateArray(), part => part.GetProperty("type").GetString() == "text" && part.GetProperty("text").GetString() == text);
        await AssertCharged(before, metadata.GetProperty("credits").GetDecimal());
    }

    [Theory]
    [InlineData("fault=usage-missing", true, 12)]
    [InlineData("fault=usage-negative", true, 12)]
    [InlineData("fault=usage-huge", true, 12)]
    [InlineData("fault=usage-huge value=99999999999", true, 12)]
    [InlineData("fault=usage-nan", true, 12)]
    [InlineData("fault=usage-zero", false, 0)]
    [InlineData("fault=usage-twice", false, 12)]
    [InlineData("fault=usage-only-at-end", false, 12)]
    [InlineData("fault=usage-in-finish", false, 12)]
    [InlineData("fault=usage-each", false, 12)]
    [InlineData("fault=slow delay=10", false, 12)]
    [InlineData("fault=drip delay=0", false, 12)]
    [InlineData("reasoning=5", false, 17)]
    public async Task L19_odd_reports_never_credit_money(string directive, bool estimated, int output)
    {
        var chat = await Analyst.NewChat();
        var before = await Analyst.Used();

        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(chat, $"Hello #sim tokens=12 {directive}"));

        var metadata = events[^1].Data.GetProperty("messageMetadata");
        Assert.Equal(("finish", "stop"), (events[^1].Type, events[^1].Text("finishReason")));
        Assert.Equal(estimated, metadata.GetProperty("estimated").GetBoolean());
        Assert.Equal(output, metadata.GetProperty("usage").GetProperty("outputTokens").GetInt32());
        await AssertCharged(before, metadata.GetProperty("credits").GetDecimal());
    }

    [Theory]
    [InlineData("fault=content-filter after=3", "content-filter")]
    [InlineData("fault=length after=3", "length")]
    public async Task A_finish_reason_is_passed_on(string directive, string reason)
    {
        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(await Analyst.NewChat(), $"Hello #sim {directive}"));

        Assert.Equal(reason, events[^1].Text("finishReason"));
    }

    [Fact]
    public async Task An_endless_answer_is_cut_at_its_limit_and_charged()
    {
        var chat = await Analyst.NewChat(new { modelId = "go_everyday", name = "Test", outputSize = "small" });
        var before = await Analyst.Used();

        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(chat, "Hello #sim fault=endless"));

        Assert.Equal("length", events[^1].Text("finishReason"));
        var metadata = events[^1].Data.GetProperty("messageMetadata");
        Assert.InRange(metadata.GetProperty("usage").GetProperty("outputTokens").GetInt32(), 1_024, 1_200);
        await AssertCharged(before, metadata.GetProperty("credits").GetDecimal());
    }

    [Fact]
    public async Task A_token_of_ten_megabytes_is_cut_at_the_limit_and_costs_no_more_than_that()
    {
        var chat = await Analyst.NewChat(new { modelId = "go_everyday", name = "Test", outputSize = "small" });
        var before = await Analyst.Used();

        var (events, text) = await UiStream.ReadAll(await Analyst.Turn(chat, "Hello #sim fault=big-token"));

        Assert.Equal("length", events[^1].Text("finishReason"));
        Assert.InRange(text.Length, 1_000, 200_000);
        var metadata = events[^1].Data.GetProperty("messageMetadata");
        Assert.InRange(metadata.GetProperty("usage").GetProperty("outputTokens").GetInt32(), 1, 1_200);
        await AssertCharged(before, metadata.GetProperty("credits").GetDecimal());
    }

    [Fact]
    public async Task Line_breaks_and_data_lines_in_a_text_arrive_as_they_are()
    {
        var (events, text) = await UiStream.ReadAll(await Analyst.Turn(await Analyst.NewChat(), "Hello #sim fault=crlf"));

        Assert.Equal("finish", events[^1].Type);
        Assert.Contains("\r\n", text);
        Assert.Contains("data:", text);
    }

    private async Task AssertNothingCharged((decimal Month, decimal Pool) before)
    {
        Assert.Equal(before, await Analyst.Used());
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
    }

    private async Task AssertCharged((decimal Month, decimal Pool) before, decimal credits)
    {
        Assert.Equal((before.Month + credits, before.Pool + credits), await Analyst.Used());
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
    }
}
