using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Memories;

/// <summary>What is not recalled into a turn: what is far from it, what cannot be held, and anything for a tenant that wants none.</summary>
public sealed class RecallLimitTests(MemoryService service) : IClassFixture<MemoryService>
{
    private const string Question = "What is the name of the dog of Anna? #sim tokens=5";
    private const string Near = "The dog of Anna has the name Bello and is afraid of thunder";

    [Fact]
    public async Task A_memory_far_from_the_question_is_not_recalled()
    {
        var (chat, messages) = await service.Analyst.Conversation("About taxes");
        (await service.Analyst.Remember(chat, messages, "Quarterly returns go to the office by the tenth")).EnsureSuccessStatusCode();

        var (events, _) = await UiStream.ReadAll(await service.Analyst.Turn(await service.Analyst.NewChat(), Question));

        Assert.Empty(events[^1].Recalled());
    }

    [Fact]
    public async Task A_memory_that_cannot_be_held_is_left_out()
    {
        var bare = Prompt(await Ask(await Model(1), 1_000));
        var (chat, messages) = await service.Admin.Conversation("Anna has a dog");
        (await service.Admin.Remember(chat, messages, Near)).EnsureSuccessStatusCode();
        // The question alone is nearly a credit, and with the memory it is more than one.
        var model = await Model(10_000m / (bare + 5));

        var poor = await Ask(model, 1);
        var rich = await Ask(model, 1_000);

        Assert.Equal(("finish", 0, bare), (poor.Type, poor.Recalled().Length, Prompt(poor)));
        Assert.Single(rich.Recalled());
        Assert.True(Prompt(rich) > bare + 5, $"{Prompt(rich)} tokens with the memory");
        Assert.Equal(0, service.Service.Count("SELECT COUNT(*) FROM credit_hold"));
    }

    [Fact]
    public async Task For_a_tenant_that_wants_none_nothing_is_recalled_and_nothing_asked_for_it()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var off = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(
            simulator, MemoryService.Patient, ("Informer__Memories__OffTenants__0", "demo")));
        using var analyst = off.ClientOf("analyst");
        var (chat, messages) = await analyst.Conversation("Anna has a dog");
        (await analyst.Remember(chat, messages, Near)).EnsureSuccessStatusCode();
        var since = simulator.Log.LastId;

        var (events, _) = await UiStream.ReadAll(await analyst.Turn(await analyst.NewChat(), Question));

        Assert.Empty(events[^1].Recalled());
        Assert.Equal(["sim-everyday"], simulator.Log.Entries(since).Select(call => call.Model));
        Assert.Single((await (await analyst.Search("the dog of Anna")).Json()).GetProperty("_embedded").GetProperty("inf:memory").EnumerateArray());
    }

    // The last event of a turn in a chat of its own, for an app with a budget.
    private async Task<UiEvent> Ask(string model, int budget)
    {
        var app = await service.Admin.NewApp(budget);
        var chat = await service.Admin.NewChat(new { modelId = model, name = "Test" });
        var (events, _) = await UiStream.ReadAll(await service.Admin.Begin($"/api/chats/{chat}", new { message = ServiceCalls.User(Question), entity = app }));
        return events[^1];
    }

    private Task<string> Model(decimal promptPpm) => service.Admin.NewModel(new
    {
        name = "By the prompt",
        slug = $"prompt-{Guid.CreateVersion7():N}",
        model = "sim-everyday",
        chat = true,
        contextWindow = 128_000,
        promptPpm,
        completionPpm = 0,
    });

    private static int Prompt(UiEvent finish) =>
        finish.Data.GetProperty("messageMetadata").GetProperty("usage").GetProperty("inputTokens").GetInt32();
}
