using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Chats;

/// <summary>Real processes, real signals, the same data directory afterwards.</summary>
public sealed class CrashTests
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task L25_after_kill_9_the_partial_answer_is_kept_and_charged_and_the_chat_goes_on()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        var settings = ServiceFixture.SettingsFor(simulator);
        string chat;
        await using (var first = await ServiceProcess.Start(directory.Path, settings))
        {
            using var analyst = first.ClientOf("analyst");
            chat = await analyst.NewChat();
            await BeginAndKill(first, analyst, "Go on #sim tokens=2000 delay=10", $"/api/chats/{chat}");
        }

        await using var second = await ServiceProcess.Start(directory.Path, settings);
        using var again = second.ClientOf("analyst");
        var messages = await again.Messages(chat);

        Assert.Equal(["user", "assistant"], messages.Select(message => message.GetProperty("role").GetString()));
        var metadata = messages[1].GetProperty("metadata");
        Assert.Equal("error", metadata.GetProperty("finishReason").GetString());
        Assert.True(metadata.GetProperty("estimated").GetBoolean());
        var credits = metadata.GetProperty("credits").GetDecimal();
        Assert.True(credits > 0);
        Assert.Equal((credits, credits), await again.Used());
        Assert.Equal(0, second.Count("SELECT COUNT(*) FROM credit_hold"));
        AssertAddsUp(second);

        var (events, _) = await UiStream.ReadAll(await again.Turn(chat, "And now? #sim tokens=5"));
        Assert.Equal("finish", events[^1].Type);
        AssertAddsUp(second);
    }

    [Fact]
    public async Task L26_after_kill_9_a_hold_that_nobody_asks_for_is_settled_within_its_time_to_live()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        var settings = ServiceFixture.SettingsFor(
            simulator, ("Informer__Credits__HoldTimeToLive", TimeToLive.ToString()), ("Informer__Credits__SweepEvery", "00:00:00.5"));
        await using (var first = await ServiceProcess.Start(directory.Path, settings))
        {
            using var analyst = first.ClientOf("analyst");
            await BeginAndKill(first, analyst, null, "/api/models/go_everyday/_completion");
        }

        await using var second = await ServiceProcess.Start(directory.Path, settings);
        var started = TimeProvider.System.GetTimestamp();
        await ServiceCalls.Eventually(
            () => Task.FromResult(second.Count("SELECT COUNT(*) FROM credit_hold") == 0), TimeToLive + TimeToLive);

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeToLive + TimeSpan.FromSeconds(2));
        Assert.Equal(1, second.Count("SELECT COUNT(*) FROM usage_event WHERE estimated = 1 AND charged > 0"));
        AssertAddsUp(second);
    }

    [Fact]
    public async Task L35_sigterm_cuts_and_settles_what_does_not_end_in_time()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var service = await ServiceProcess.Start(
            directory.Path, ServiceFixture.SettingsFor(simulator, ("Informer__DrainSeconds", "1")));
        using var analyst = service.ClientOf("analyst");
        var chat = await analyst.NewChat();
        var endless = await analyst.Turn(chat, "Go on #sim tokens=5000 delay=20");
        var reading = UiStream.ReadAll(endless);
        await simulator.Log.WaitAsync(served => served.TokensSent > 5);

        await service.Signal("TERM");
        var (events, _) = await reading;

        Assert.Equal("error", events[^1].Type);
        Assert.Equal(0, await service.Exited(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, service.Count("SELECT COUNT(*) FROM credit_hold"));
        Assert.Equal(1, service.Count("SELECT COUNT(*) FROM usage_event WHERE charged > 0"));
        AssertAddsUp(service);
    }

    private static async Task BeginAndKill(ServiceProcess service, HttpClient client, string? chatText, string path)
    {
        const string Ask = "Go on #sim tokens=2000 delay=10";
        var answer = await client.Begin(path, chatText is null ? new { prompt = Ask } : new { message = ServiceCalls.User(chatText) });
        await using var events = UiStream.Read(answer).GetAsyncEnumerator();
        while (events.Current?.Type != "text-delta")
        {
            await events.MoveNextAsync();
        }

        await ServiceCalls.Eventually(
            () => Task.FromResult(service.Count("SELECT COUNT(*) FROM turn_checkpoint") > 0), TimeSpan.FromSeconds(10));
        await service.Kill();
    }

    private static void AssertAddsUp(ServiceProcess service)
    {
        Assert.Equal(0, service.Count("SELECT p.granted - SUM(e.granted) FROM credit_pool p JOIN ledger_entry e USING (tenant) WHERE p.tenant = 'demo'"));
        Assert.Equal(0, service.Count("SELECT p.settled - SUM(e.settled) FROM credit_pool p JOIN ledger_entry e USING (tenant) WHERE p.tenant = 'demo'"));
        Assert.Equal(0, service.Count("SELECT p.held - SUM(e.held) FROM credit_pool p JOIN ledger_entry e USING (tenant) WHERE p.tenant = 'demo'"));
        Assert.Equal(0, service.Count("SELECT p.seq - COUNT(*) FROM credit_pool p JOIN ledger_entry e USING (tenant) WHERE p.tenant = 'demo'"));
        Assert.Equal(0, service.Count("SELECT p.settled - COALESCE((SELECT SUM(charged) FROM usage_event), 0) FROM credit_pool p WHERE p.tenant = 'demo'"));
    }
}
