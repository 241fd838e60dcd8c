using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Memories;

public sealed class ModelChangeTests
{
    [Fact]
    public async Task Vectors_of_another_model_are_not_compared_and_are_made_anew_in_the_background_and_charged()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        string chat;
        await using (var service = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(simulator)))
        {
            using var analyst = service.ClientOf("analyst");
            (chat, var messages) = await analyst.Conversation("Hello");
            for (var number = 0; number < 40; number++)
            {
                Assert.True((await analyst.Remember(chat, messages, $"The submarine number {number} dives")).IsSuccessStatusCode);
            }

            // As if all of them had been made with a model of the same dimension that is used no more.
            service.Tamper("UPDATE memory SET embedding_model = 'managed/former'");
        }

        await using var again = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(simulator));
        using var client = again.ClientOf("analyst");

        Assert.Empty(MemoryCallsOfTests.Embedded(await (await client.Search("submarine", chat, limit: 50)).Json()));

        await ServiceCalls.Eventually(
            () => Task.FromResult(again.Count("SELECT COUNT(*) FROM memory WHERE embedding_model = 'managed/sim-embedding'") == 40), TimeSpan.FromSeconds(20));
        Assert.Equal(40, MemoryCallsOfTests.Embedded(await (await client.Search("submarine", chat, limit: 50)).Json()).Count);
        Assert.Equal(2, again.Count("SELECT COUNT(*) FROM usage_event WHERE chat_id IS NULL AND model_id = 'informer-embedding' AND charged > 0"));
        await ServiceCalls.Eventually(() => Task.FromResult(again.Count("SELECT COUNT(*) FROM credit_hold") == 0), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_tenant_for_which_memories_are_off_has_those_that_its_users_make_and_no_others()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var service = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(
            simulator, ("Informer__Memories__OffTenants__0", "demo"), ("Informer__Memories__MessagesThreshold", "2")));
        using var analyst = service.ClientOf("analyst");
        var (own, messages) = await analyst.Conversation("Hello");
        var made = await (await analyst.Remember(own, messages, "The submarine dives")).Json();
        var since = simulator.Log.LastId;

        var chat = await analyst.NewChat();
        for (var turn = 0; turn < 3; turn++)
        {
            var (events, _) = await UiStream.ReadAll(await analyst.Turn(chat, "Does the submarine dive? #sim tokens=3"));
            Assert.Empty(events[^1].Recalled());
        }

        Assert.All(simulator.Log.Entries(since), call => Assert.True(call.Stream));
        Assert.Equal(3, simulator.Log.Entries(since).Count(call => call.Path.EndsWith("/chat/completions", StringComparison.Ordinal)));
        Assert.Empty(await analyst.Memories(chat));
        Assert.Equal(made.Id(), Assert.Single(MemoryCallsOfTests.Embedded(await (await analyst.Search("submarine dives")).Json())).GetProperty("memory").Id());
    }
}
