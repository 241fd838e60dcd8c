using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Streaming;

/// <summary>Clients that take too much of the service: too many streams, or none of what is sent.</summary>
public sealed class ClientLimitTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly TestDirectory _directory = new();
    private SimulatorServer _simulator = null!;
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        _service = await ServiceProcess.Start(_directory.Path, ServiceFixture.SettingsFor(
            _simulator,
            ("Informer__Turns__ProviderIdleTimeout", "00:05:00"),
            ("Informer__Gateway__StreamsPerUserMax", "2"),
            ("Informer__Gateway__Heartbeat", "00:00:01"),
            ("Informer__Gateway__ClientTimeout", "00:00:02")));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _simulator.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task One_stream_too_many_of_a_user_is_429_until_another_has_ended()
    {
        using var analyst = _service.ClientOf("analyst");
        using var admin = _service.ClientOf("admin");
        var chats = new[] { await analyst.NewChat(), await analyst.NewChat(), await analyst.NewChat() };
        var first = await analyst.Turn(chats[0], "Wait #sim fault=hang after=2");
        var second = await analyst.Turn(chats[1], "Wait #sim fault=hang after=2");

        var refused = await analyst.Turn(chats[2], "Hello #sim tokens=5");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("TOO_MANY_STREAMS", (await refused.Json()).GetProperty("code").GetString());
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.OK, (await admin.Turn(await admin.NewChat(), "Hello #sim tokens=5")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await analyst.GetAsync(new Uri("/api/chats", UriKind.Relative))).StatusCode);
        await analyst.PostAsJsonAsync($"/api/chats/{chats[0]}/_abort", new { });
        await UiStream.ReadAll(first);
        await ServiceCalls.Eventually(async () => (await analyst.Turn(chats[2], "Hello #sim tokens=5")).StatusCode == HttpStatusCode.OK, Soon);
        await analyst.PostAsJsonAsync($"/api/chats/{chats[1]}/_abort", new { });
        second.Dispose();
    }

    [Fact]
    public async Task A_client_that_reads_nothing_is_cut_and_its_answer_with_it()
    {
        using var analyst = _service.ClientOf("analyst");
        var chat = await analyst.NewChat(new { modelId = "go_everyday", name = "Test", outputSize = "large" });
        var since = _simulator.Log.LastId;
        using var deaf = await Send(chat, "Much #sim tokens=16000 fault=hang after=15000");

        using var patience = new CancellationTokenSource(Soon);
        await _simulator.Log.WaitAsync(served => served.Id > since && served.Outcome == RequestOutcome.Cut, patience.Token);

        await ServiceCalls.Eventually(() => Task.FromResult(_service.Count("SELECT COUNT(*) FROM credit_hold") == 0), Soon);
        Assert.Equal("abort", (await analyst.Messages(chat))[^1].GetProperty("metadata").GetProperty("finishReason").GetString());
        Assert.Equal(1, _service.Count($"SELECT COUNT(*) FROM usage_event WHERE chat_id = '{chat}'"));
    }

    [Fact]
    public async Task A_stream_that_is_silent_for_longer_than_a_client_may_be_lives_by_its_heartbeats()
    {
        using var analyst = _service.ClientOf("analyst");
        var chat = await analyst.NewChat();
        var running = await analyst.Turn(chat, "Slowly #sim tokens=3 first=5000");

        using var lines = new StreamReader(await running.Content.ReadAsStreamAsync());
        var comments = 0;
        while (await lines.ReadLineAsync() is { } line && !line.Contains("\"finish\"", StringComparison.Ordinal))
        {
            comments += line.StartsWith(':') ? 1 : 0;
        }

        Assert.True(comments >= 2, $"{comments} heartbeats");
        Assert.Equal("stop", (await analyst.Messages(chat))[^1].GetProperty("metadata").GetProperty("finishReason").GetString());
    }

    // Its window closes soon, and it never takes a byte out of it.
    private async Task<Socket> Send(string chat, string text)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
        await socket.ConnectAsync(IPAddress.Loopback, _service.Address.Port);
        var body = JsonSerializer.Serialize(new { message = ServiceCalls.User(text) });
        await socket.SendAsync(Encoding.UTF8.GetBytes(
            $"POST /api/chats/{chat} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_service.TokenOf("analyst")}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        return socket;
    }
}
