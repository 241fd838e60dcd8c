using System.Text.Json;

namespace Informer.Ai.Tests.Unit.Simulator;

/// <summary>The usage that a provider may report, in a stream and in a document.</summary>
[Collection(SimulatorCollection.Name)]
public sealed class UsageFaultTests(SimulatorFixture simulator)
{
    [Theory]
    [InlineData("#sim tokens=3", 1, "\"completion_tokens\":3,")]
    [InlineData("#sim tokens=3 fault=usage-missing", 0, "")]
    [InlineData("#sim tokens=3 fault=usage-negative", 1, "\"completion_tokens\":-3,")]
    [InlineData("#sim tokens=3 fault=usage-huge", 1, "\"completion_tokens\":2000000000,\"total_tokens\":2147483647,")]
    [InlineData("#sim tokens=3 fault=usage-huge value=9223372036854775807", 1, "\"completion_tokens\":9223372036854775807,")]
    [InlineData("#sim tokens=3 fault=usage-nan", 1, "\"completion_tokens\":NaN,")]
    [InlineData("#sim tokens=3 fault=usage-zero", 1, "\"completion_tokens\":0,")]
    [InlineData("#sim tokens=3 fault=usage-twice", 2, "\"completion_tokens\":3,")]
    public async Task Usage_is_reported_as_it_was_ordered(string prompt, int times, string expected)
    {
        var events = await simulator.EventsAsync(prompt);
        using var response = await simulator.AskAsync(prompt, stream: false);
        var document = await response.Content.ReadAsStringAsync();

        var reports = events.Where(one => one.Contains("\"usage\":{")).ToList();
        Assert.Equal(times, reports.Count);
        Assert.All(reports, one => Assert.Contains(expected, one));
        Assert.Equal(times, document.Split("\"usage\":{").Length - 1);
        Assert.Contains(expected, document);
    }

    [Fact]
    public async Task Usage_comes_after_the_finish_only_when_it_was_asked_for()
    {
        using var response = await simulator.PostAsync("/chat/completions", new
        {
            model = "sim-everyday",
            stream = true,
            messages = new[] { new { role = "user", content = "#sim tokens=3" } },
        });
        var unasked = await response.Content.ReadAsStringAsync();
        var asked = await simulator.EventsAsync("#sim tokens=3");

        Assert.DoesNotContain("usage", unasked);
        Assert.Contains("\"finish_reason\":\"stop\"}],\"usage\":null}", asked[^3]);
        Assert.Contains("\"choices\":[],\"usage\":{", asked[^2]);
    }

    [Fact]
    public async Task Usage_may_come_at_the_end_unasked()
    {
        using var response = await simulator.PostAsync("/chat/completions", new
        {
            model = "sim-everyday",
            stream = true,
            messages = new[] { new { role = "user", content = "#sim tokens=3 fault=usage-only-at-end" } },
        });
        var events = SimulatorFixture.Events(await response.Content.ReadAsStringAsync());

        Assert.DoesNotContain("usage", events[^3]);
        Assert.Contains("\"choices\":[],\"usage\":{", events[^2]);
    }

    [Fact]
    public async Task Usage_may_come_inside_the_finish()
    {
        var events = await simulator.EventsAsync("#sim tokens=3 fault=usage-in-finish");

        Assert.Contains("\"finish_reason\":\"stop\"}],\"usage\":{", events[^2]);
        Assert.Single(events, one => one.Contains("\"usage\":{"));
    }

    [Fact]
    public async Task Usage_may_grow_with_every_chunk()
    {
        var events = await simulator.EventsAsync("#sim tokens=3 fault=usage-each");

        var counts = events.Where(one => one.Contains("\"usage\":{")).Select(CompletionTokens);
        Assert.Equal([1, 2, 3], counts);
    }

    private static int CompletionTokens(string one)
    {
        using var chunk = JsonDocument.Parse(one);
        return chunk.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32();
    }
}
