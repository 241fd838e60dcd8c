using System.Net;
using System.Text;
using System.Text.Json;
using Informer.Ai.Simulator;

namespace Informer.Ai.Tests.Unit.Simulator;

/// <summary>What each fault looks like on the wire of a stream.</summary>
[Collection(SimulatorCollection.Name)]
public sealed class StreamFaultTests(SimulatorFixture simulator)
{
    [Fact]
    public async Task A_hang_before_headers_sends_nothing_at_all()
    {
        var since = simulator.Server.Log.LastId;
        using var leave = new CancellationTokenSource();
        var asking = simulator.AskAsync("#sim fault=hang-before-headers", cancellationToken: leave.Token);
        var hanging = await simulator.Server.Log.WaitAsync(request => request.Id > since && request.Fault is not null, SimulatorFixture.Patience);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Null(hanging.TimeToHeaders);
        Assert.Equal(RequestOutcome.Cut, (await simulator.EndAsync(since)).Outcome);
    }

    [Fact]
    public async Task A_hang_in_mid_stream_sends_its_tokens_first()
    {
        var since = simulator.Server.Log.LastId;
        using var response = await simulator.AskAsync("#sim fault=hang after=5");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var contents = new List<string>();
        while (contents.Count < 6)
        {
            if (await reader.ReadLineAsync(SimulatorFixture.Patience) is { Length: > 0 } line)
            {
                contents.Add(line);
            }
        }

        response.Dispose();
        var request = await simulator.EndAsync(since);
        Assert.Equal((RequestOutcome.Cut, 5, "hang"), (request.Outcome, request.TokensSent, request.Fault));
    }

    [Fact]
    public async Task A_slow_answer_is_whole_in_the_end()
    {
        var since = simulator.Server.Log.LastId;
        var events = await simulator.EventsAsync("#sim fault=slow delay=30 tokens=4");

        Assert.Equal("[DONE]", events[^1]);
        Assert.True((await simulator.EndAsync(since)).Duration >= TimeSpan.FromMilliseconds(85));
    }

    [Fact]
    public async Task A_dripping_answer_comes_byte_by_byte_and_whole()
    {
        using var response = await simulator.AskAsync("#sim fault=drip delay=0 tokens=3");
        var whole = await response.Content.ReadAsStringAsync(SimulatorFixture.Patience);
        var wire = await simulator.WireAsync("#sim fault=drip delay=0 tokens=3");

        Assert.Equal("[DONE]", SimulatorFixture.Events(whole)[^1]);
        Assert.Contains("1\r\nd\r\n1\r\na\r\n1\r\nt\r\n1\r\na\r\n1\r\n:\r\n", wire);
    }

    [Fact]
    public async Task An_endless_answer_passes_its_limit_and_ends_with_the_client()
    {
        var since = simulator.Server.Log.LastId;
        using var response = await simulator.PostAsync("/chat/completions", new
        {
            model = "sim-everyday",
            stream = true,
            max_completion_tokens = 5,
            messages = new[] { new { role = "user", content = "#sim fault=endless" } },
        });
        await simulator.Server.Log.WaitAsync(request => request.Id > since && request.TokensSent > 500, SimulatorFixture.Patience);
        response.Dispose();

        Assert.Equal(RequestOutcome.Cut, (await simulator.EndAsync(since)).Outcome);
    }

    [Theory]
    [InlineData("#sim fault=reset after=4", 4)]
    [InlineData("#sim fault=reset after=0", 0)]
    public async Task A_reset_tears_the_connection_after_its_tokens(string prompt, int tokens)
    {
        var since = simulator.Server.Log.LastId;
        using var response = await simulator.AskAsync(prompt);

        var torn = await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(SimulatorFixture.Patience));
        var request = await simulator.EndAsync(since);
        Assert.Contains("reset by peer", torn.ToString());
        Assert.Equal((RequestOutcome.Faulted, tokens), (request.Outcome, request.TokensSent));
    }

    [Fact]
    public async Task A_reset_before_headers_answers_nothing()
    {
        var torn = await Assert.ThrowsAsync<HttpRequestException>(() => simulator.AskAsync("#sim fault=reset-before-headers"));

        Assert.Contains("reset by peer", torn.ToString());
    }

    [Fact]
    public async Task A_stream_without_its_last_line_has_no_finish_either()
    {
        var events = await simulator.EventsAsync("#sim fault=no-done tokens=5");

        Assert.Equal(1 + 5, events.Length);
        Assert.All(events, one => Assert.Contains("\"finish_reason\":null", one));
    }

    [Fact]
    public async Task An_error_may_come_under_status_200()
    {
        using var response = await simulator.AskAsync("#sim fault=error-200 error=engine_overloaded");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("engine_overloaded", body.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Half_an_object_comes_as_a_whole_event()
    {
        var events = await simulator.EventsAsync("#sim fault=truncated-json after=2");

        Assert.Equal(1 + 2 + 1, events.Length);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(events[^1]));
    }

    [Fact]
    public async Task A_cut_line_ends_in_the_middle_of_an_event()
    {
        using var response = await simulator.AskAsync("#sim fault=cut-line after=2");
        var body = await response.Content.ReadAsStringAsync();

        Assert.EndsWith("{\"content\":\"", body);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_stand_in_a_delta()
    {
        using var response = await simulator.AskAsync("#sim fault=invalid-utf8");
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.Throws<DecoderFallbackException>(() => new UTF8Encoding(false, true).GetString(body));
        Assert.EndsWith("[DONE]\n\n", Encoding.UTF8.GetString(body));
    }

    [Fact]
    public async Task Every_kind_of_line_break_is_in_the_text_and_none_on_the_wire()
    {
        var events = await simulator.EventsAsync("#sim fault=crlf");
        var text = string.Concat(events.Select(Content));

        Assert.All(["\r\n", "four\n\nfive", "\r\r", "\ndata: [DONE]\n\n", "\u2028", "\u0085"], mark => Assert.Contains(mark, text));
        Assert.Equal("[DONE]", events[^1]);
    }

    [Theory]
    [InlineData("#sim fault=big-token", 10 * 1024 * 1024)]
    [InlineData("#sim fault=big-token size=1000", 1000)]
    public async Task A_big_token_is_one_event(string prompt, int size)
    {
        var events = await simulator.EventsAsync(prompt);

        Assert.Single(events, one => one.Length > size && one.Length < size + 1_000);
        Assert.Equal("[DONE]", events[^1]);
    }

    [Fact]
    public async Task An_error_in_mid_stream_is_the_last_event()
    {
        var events = await simulator.EventsAsync("#sim fault=error-mid-stream after=2");

        Assert.Equal(1 + 2 + 1, events.Length);
        Assert.StartsWith("{\"error\":{", events[^1]);
    }

    [Theory]
    [InlineData("content-filter", "content_filter")]
    [InlineData("length", "length")]
    public async Task An_answer_may_finish_for_another_reason(string fault, string reason)
    {
        var events = await simulator.EventsAsync($"#sim fault={fault} after=2");

        Assert.Contains($"\"finish_reason\":\"{reason}\"", events[3]);
        Assert.Contains("\"completion_tokens\":2,", events[4]);
    }

    [Fact]
    public async Task A_header_carries_the_fault_for_a_prompt_that_has_none()
    {
        var events = await simulator.EventsAsync("Hello", sim: "fault=no-done tokens=5");

        Assert.Equal(1 + 5, events.Length);
    }

    private static string Content(string one)
    {
        if (one == "[DONE]")
        {
            return "";
        }

        using var chunk = JsonDocument.Parse(one);
        var choices = chunk.RootElement.GetProperty("choices");
        return choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content)
            ? content.GetString()!
            : "";
    }
}
