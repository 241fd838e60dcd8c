using System.Net;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Memories;

/// <summary>A vector store that goes away under load, and one that has lost everything.</summary>
public sealed class OutageTests
{
    private const string Question = "Where does the golden bicycle stand? #sim tokens=5";

    [Fact]
    public async Task Chats_go_on_without_the_vector_store_hold_nothing_and_a_rebuild_brings_memories_back()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        var qdrant = await QdrantDouble.Start();
        var settings = ServiceFixture.SettingsFor(
            simulator, MemoryService.Patient, ("Informer__Memories__Qdrant__Url", qdrant.Address.ToString()), ("Informer__Memories__Qdrant__Timeout", "00:00:00.3"));
        string memory;
        await using (var service = await ServiceProcess.Start(directory.Path, settings))
        {
            using var analyst = service.ClientOf("analyst");
            var (chat, messages) = await analyst.Conversation("Hello");
            memory = (await (await analyst.Remember(chat, messages, "The golden bicycle stands in the cellar")).Json()).Id();
            Assert.Equal([memory], (await Finish(analyst)).Recalled());

            // Under load: first it is silent, then it is gone.
            qdrant.Silent = true;
            var silent = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Finish(analyst)));
            await qdrant.DisposeAsync();
            var gone = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Finish(analyst)));

            Assert.All(silent.Concat(gone), finish => Assert.Equal(("stop", 0), (finish.Text("finishReason"), finish.Recalled().Length)));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await analyst.Search("bicycle")).StatusCode);
            var during = (await (await analyst.Remember(chat, messages, "The silver bicycle stands in the attic")).Json()).Id();
            Assert.Equal(2, (await analyst.Memories(chat)).Count);
            Assert.NotEqual(memory, during);
            await ServiceCalls.Eventually(() => Task.FromResult(service.Count("SELECT COUNT(*) FROM credit_hold") == 0), TimeSpan.FromSeconds(10));
            using var admin = service.ClientOf("admin");
            var verified = await (await admin.GetAsync(new Uri("/api/_ledger/verify?full=true", UriKind.Relative))).Json();
            Assert.True(verified.GetProperty("verified").GetBoolean(), verified.ToString());
            Assert.Equal(0, service.Count("SELECT settled - (SELECT SUM(charged) FROM usage_event) FROM credit_pool"));
            await service.Signal("TERM");
            Assert.Equal(0, await service.Exited(TimeSpan.FromSeconds(60)));
        }

        await using var empty = await QdrantDouble.Start();
        settings["Informer__Memories__Qdrant__Url"] = empty.Address.ToString();
        await using (var rebuild = ServiceProcess.Launch(directory.Path, settings, "rebuild-memories", "demo"))
        {
            Assert.Equal(0, await rebuild.Exited(TimeSpan.FromSeconds(60)));
        }

        Assert.Equal(2, empty.Points);
        await using var again = await ServiceProcess.Start(directory.Path, settings);
        using var client = again.ClientOf("analyst");
        Assert.Contains(memory, (await Finish(client)).Recalled());
    }

    [Fact]
    public async Task A_deleted_chat_takes_its_vectors_out_of_the_vector_store()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var qdrant = await QdrantDouble.Start();
        await using var service = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(
            simulator, MemoryService.Patient, ("Informer__Memories__Qdrant__Url", qdrant.Address.ToString())));
        using var analyst = service.ClientOf("analyst");
        var (chat, messages) = await analyst.Conversation("Hello");
        var (other, others) = await analyst.Conversation("Hello");
        (await analyst.Remember(chat, messages, "The golden bicycle stands in the cellar")).EnsureSuccessStatusCode();
        (await analyst.Remember(other, others, "The silver bicycle stands in the attic")).EnsureSuccessStatusCode();
        Assert.Equal(2, qdrant.Points);

        (await analyst.DeleteAsync(new Uri($"/api/chats/{chat}", UriKind.Relative))).EnsureSuccessStatusCode();

        Assert.Equal([other], qdrant.Payloads.Select(payload => payload.GetProperty("chat").GetString()));
    }

    private static async Task<UiEvent> Finish(HttpClient client)
    {
        var (events, _) = await UiStream.ReadAll(await client.Turn(await client.NewChat(), Question));
        return events[^1];
    }
}
