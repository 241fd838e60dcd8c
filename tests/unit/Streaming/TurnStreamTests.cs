using System.Net;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Gateway;
using Microsoft.Extensions.Time.Testing;

namespace Informer.Ai.Streaming;

/// <summary>A turn over HTTP: what starts it, what the client reads, and what happens when one end goes away.</summary>
public class TurnStreamTests
{
    private const string Hello = """{ "message": { "id": "u1", "role": "user", "parts": [{ "type": "text", "text": "hi" }] } }""";

    private static readonly string Path = $"/api/chats/{GatewayHost.ChatId}";

    private static readonly TurnEvent[] Turn =
    [
        new TurnBegun(1, "m1", GatewayHost.ChatId, "go_everyday", new TurnId(GatewayHost.ChatId.Value)),
        new StepBegun(2),
        new TextBegun(3, TextKind.Text, "t0"),
        new TextDelta(4, TextKind.Text, "t0", "Hello\n\ndata: x"),
        new TextEnded(5, TextKind.Text, "t0"),
        new StepEnded(6),
        new TurnFinished(7, "stop", TokenUsage.None, 0, false, null, null, null),
    ];

    [Fact]
    public async Task A_turn_is_streamed_with_growing_ids()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Emit(Turn);

        using var response = await host.Post(Path, Hello);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("v1", Assert.Single(response.Headers.GetValues("x-vercel-ai-ui-message-stream")));
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("x-accel-buffering")));
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Equal(32, Assert.Single(response.Headers.GetValues("x-request-id")).Length);
        Assert.EndsWith("\n\n", text, StringComparison.Ordinal);
        var events = text.TrimEnd().Split("\n\n");
        Assert.Equal(Turn.Length, events.Length);
        Assert.Contains("data: {\"type\":\"text-delta\",\"id\":\"t0\",\"delta\":\"Hello\\n\\ndata: x\"}\nid: 4", events[3], StringComparison.Ordinal);
        Assert.All(events.Index(), item => Assert.Contains($"id: {item.Index + 1}", item.Item.Split('\n')));
        Assert.False(host.Chat.Disconnected.Task.IsCompleted);
        Assert.Equal("u1", Assert.IsType<NewMessage>(host.Chat.Request!.Input).ClientId);
    }

    [Fact]
    public async Task Each_event_is_there_before_the_next_is_made()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Emit(Turn[0]);

        using var response = await host.Open(Path, Hello);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("\"start\"", await Event(lines), StringComparison.Ordinal);
        host.Chat.Emit(Turn[1]);
        Assert.Contains("\"start-step\"", await Event(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_goes_away_is_reported_to_the_turn()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Emit(Turn[0]);

        var response = await host.Open(Path, Hello);
        response.Dispose();

        Assert.Equal(host.Chat.Request!.Turn, await host.Chat.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_client_that_goes_away_before_the_first_event_is_reported_too()
    {
        await using var host = await GatewayHost.Start();
        using var gone = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(Hello, null, "application/json") };

        var pending = host.Http.SendAsync(request, gone.Token);
        await Until(() => host.Chat.Watches.Count == 1);
        await gone.CancelAsync();

        await host.Chat.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
    }

    [Fact]
    public async Task A_broken_watch_goes_on_where_it_was()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Breaks = (3, new EnumerationAbortedException("moved"));
        host.Chat.Emit(Turn);

        using var response = await host.Post(Path, Hello);
        var events = (await response.Content.ReadAsStringAsync()).TrimEnd().Split("\n\n");

        Assert.Equal([0, 3], host.Chat.Watches);
        Assert.Equal(Turn.Length, events.Length);
        Assert.Contains("\"finish\"", events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_that_ends_without_an_end_is_an_error_to_the_client()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Emit(Turn[..2]);
        host.Chat.End();

        using var response = await host.Post(Path, Hello);
        var events = (await response.Content.ReadAsStringAsync()).TrimEnd().Split("\n\n");

        Assert.Equal("""data: {"type":"error","errorText":"The answer was interrupted."}""", events[^1]);
        await host.Chat.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_watch_that_cannot_be_opened_again_is_an_error_to_the_client()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Breaks = (2, new InvalidOperationException("secret"));
        host.Chat.Emit(Turn);

        using var response = await host.Post(Path, Hello);
        var events = (await response.Content.ReadAsStringAsync()).TrimEnd().Split("\n\n");

        Assert.Equal(3, events.Length);
        Assert.Equal("""data: {"type":"error","errorText":"The answer was interrupted."}""", events[^1]);
        await host.Chat.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Failing_before_the_first_event_is_a_502_with_a_body()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Emit(new TurnNotBegun(1, "PROVIDER_TIMEOUT", "The model did not answer in time."));

        using var response = await host.Post(Path, Hello);
        var body = await GatewayHost.Body(response);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("PROVIDER_TIMEOUT", body.GetProperty("code").GetString());
        Assert.Equal("The model did not answer in time.", body.GetProperty("message").GetString());
        Assert.False(host.Chat.Disconnected.Task.IsCompleted);
    }

    [Fact]
    public async Task Silence_is_filled_with_comments()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.Start(time: time);
        host.Chat.Emit(Turn[0]);

        using var response = await host.Open(Path, Hello);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        await Event(lines);
        var comment = Event(lines);
        time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(": ", await comment);
    }

    [Theory]
    [InlineData(null, long.MinValue)]
    [InlineData("3", 3)]
    [InlineData("nonsense", long.MinValue)]
    [InlineData("-2", long.MinValue)]
    public async Task Joining_starts_after_the_last_event_that_was_seen(string? lastEventId, long after)
    {
        await using var host = await GatewayHost.Start();
        host.Chat.JoinableTurn = new TurnRef(new TurnId(GatewayHost.ChatId.Value), Samples.Noon);
        host.Chat.Emit(Turn);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path + "/_stream");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);

        using var response = await host.Http.SendAsync(request);
        var events = (await response.Content.ReadAsStringAsync()).TrimEnd().Split("\n\n");

        Assert.Equal(Turn.Length - Math.Max(0, after), events.Length);
        Assert.Equal([after], host.Chat.Watches);
        Assert.False(host.Chat.Disconnected.Task.IsCompleted);
    }

    [Fact]
    public async Task Joining_when_nothing_runs_is_204_and_an_unknown_chat_is_404()
    {
        await using var host = await GatewayHost.Start();

        Assert.Equal(HttpStatusCode.NoContent, (await host.Http.GetAsync(Path + "/_stream")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync($"/api/chats/{Guid.AllBitsSet:N}/_stream")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("/api/chats/nonsense/_stream")).StatusCode);
    }

    [Fact]
    public async Task Joining_a_turn_whose_end_was_seen_is_204()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.JoinableTurn = new TurnRef(new TurnId(GatewayHost.ChatId.Value), Samples.Noon);
        host.Chat.End();

        Assert.Equal(HttpStatusCode.NoContent, (await host.Http.GetAsync(Path + "/_stream")).StatusCode);
    }

    private static async Task<string> Event(StreamReader lines)
    {
        var text = await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10));
        while (await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10)) is { Length: > 0 } line)
        {
            text += "\n" + line;
        }

        return text!;
    }

    private static async Task Until(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Yield();
        }
    }
}
