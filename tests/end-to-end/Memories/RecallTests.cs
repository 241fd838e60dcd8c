using System.Net;
using System.Net.Http.Json;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Memories;

public sealed class RecallTests(MemoryService service) : IClassFixture<MemoryService>
{
    private const string Question = "What is the name of the dog of Anna? #sim tokens=5";

    private HttpClient Analyst => service.Analyst;

    [Fact]
    public async Task A_turn_recalls_the_callers_memories_tells_them_and_holds_and_charges_what_they_cost()
    {
        var fresh = await Analyst.NewChat();
        var (bare, _) = await UiStream.ReadAll(await Analyst.Turn(fresh, Question));
        var (chat, messages) = await Analyst.Conversation("Anna has a dog");
        var memory = (await (await Analyst.Remember(chat, messages, "The dog of Anna has the name Bello and is afraid of thunder")).Json()).Id();
        var other = await Analyst.NewChat();
        var before = await Analyst.Used();

        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(other, Question));

        Assert.Equal([memory], events[^1].Recalled());
        Assert.Empty(bare[^1].Recalled());
        var answer = (await Analyst.Messages(other))[^1].GetProperty("metadata");
        Assert.Equal([memory], answer.GetProperty("memories").EnumerateArray().Select(id => id.GetString()!));
        Assert.True(Prompt(events) > Prompt(bare) + 20, $"{Prompt(events)} and {Prompt(bare)} prompt tokens");

        var turn = answer.Text("turnId");
        Assert.Equal(1, service.Service.Count(
            $"SELECT COUNT(*) FROM usage_event WHERE chat_id = '{other}' AND model_id = 'informer-embedding' AND charged > 0 AND replace(CAST(parent_id AS text), '-', '') = '{turn}'"));
        var charged = service.Service.Count($"SELECT SUM(charged) FROM usage_event WHERE chat_id = '{other}'");
        Assert.Equal(charged / 1_000_000m, (await Analyst.Used()).Month - before.Month);
        Assert.Equal(0, service.Service.Count("SELECT COUNT(*) FROM credit_hold"));
        Assert.Equal(2, service.Service.Count($"SELECT COUNT(*) FROM ledger_entry WHERE kind IN ('hold', 'extend') AND replace(CAST(hold_id AS text), '-', '') = '{turn}'"));

        var foreign = await service.Admin.NewChat();
        var since = service.Simulator.Log.LastId;
        var (theirs, _) = await UiStream.ReadAll(await service.Admin.Turn(foreign, Question));
        Assert.Empty(theirs[^1].Recalled());
        Assert.Single(service.Simulator.Log.Entries(since));

        (await service.Admin.PutAsJsonAsync("/api/usage-budgets/app/nothing", new { monthlyBudget = 0 })).EnsureSuccessStatusCode();
        since = service.Simulator.Log.LastId;
        var refused = await Analyst.Begin(
            $"/api/chats/{other}", new { message = ServiceCalls.User(Question), entity = new { type = "app", id = "nothing" } });
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Empty(service.Simulator.Log.Entries(since));

        // An embedding that fails, or takes too long, is no reason not to answer.
        foreach (var fault in new[] { "fault=status", "fault=hang-before-headers" })
        {
            var (unaided, text) = await UiStream.ReadAll(await Analyst.Turn(other, $"{Question} on=embeddings {fault}"));
            Assert.Equal("stop", unaided[^1].Text("finishReason"));
            Assert.Empty(unaided[^1].Recalled());
            Assert.NotEmpty(text);
        }
    }

    [Fact]
    public async Task A_turn_does_not_wait_for_a_recall_that_takes_long()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var impatient = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(
            simulator, ("Informer__Memories__RecallWait", "00:00:00.1"), ("Informer__Turns__ProviderIdleTimeout", "00:00:30")));
        using var analyst = impatient.ClientOf("analyst");
        var (chat, messages) = await analyst.Conversation("Anna has a dog");
        (await analyst.Remember(chat, messages, "The dog of Anna has the name Bello")).EnsureSuccessStatusCode();

        var (events, _) = await UiStream.ReadAll(await analyst.Turn(await analyst.NewChat(), $"{Question} on=embeddings fault=hang-before-headers"));

        Assert.Equal(("stop", 0), (events[^1].Text("finishReason"), events[^1].Recalled().Length));
        Assert.Single(simulator.Log.Entries(), call => call.Outcome == RequestOutcome.Running);
    }

    private static int Prompt(List<UiEvent> events) =>
        events[^1].Data.GetProperty("messageMetadata").GetProperty("usage").GetProperty("inputTokens").GetInt32();
}
