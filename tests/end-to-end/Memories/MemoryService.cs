using System.Net.Http.Json;
using System.Text.Json;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Memories;

/// <summary>A service of its own: a user who has memories pays for recalls that other tests do not expect.</summary>
public class MemoryService : IAsyncLifetime
{
    private readonly TestDirectory _directory = new();

    public SimulatorServer Simulator { get; private set; } = null!;

    public ServiceProcess Service { get; private set; } = null!;

    public HttpClient Analyst { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    /// <summary>A busy machine takes its time, and what is late is not recalled.</summary>
    public static (string Name, string Value) Patient => ("Informer__Memories__RecallWait", "00:00:05");

    protected virtual (string Name, string Value)[] Settings => [Patient];

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        Service = await ServiceProcess.Start(_directory.Path, ServiceFixture.SettingsFor(Simulator, Settings));
        Analyst = Service.ClientOf("analyst");
        Admin = Service.ClientOf("admin");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Analyst.Dispose();
        Admin.Dispose();
        await Service.DisposeAsync();
        await Simulator.DisposeAsync();
        _directory.Dispose();
    }
}

/// <summary>What the tests say about memories.</summary>
internal static class MemoryCallsOfTests
{
    public static Uri Path(string path) => new(path, UriKind.Relative);

    /// <summary>A chat with messages that no turn was run for; its id and theirs.</summary>
    public static async Task<(string Chat, string[] Messages)> Conversation(this HttpClient client, params string[] texts)
    {
        var messages = texts.Select((text, at) => new
        {
            id = $"m{at}",
            role = at % 2 == 0 ? "user" : "assistant",
            parts = new[] { new { type = "text", text } },
        });
        var chat = await client.NewChat(new { modelId = "go_everyday", name = "Test", messages });
        return (chat, [.. (await client.Messages(chat)).Select(message => message.GetProperty("id").GetString()!)]);
    }

    public static Task<HttpResponseMessage> Remember(
        this HttpClient client, string chat, string[] messageIds, string? summary = null, object? entity = null) =>
        client.PostAsJsonAsync($"/api/chats/{chat}/memories", new { messageIds, summary, entity });

    public static Task<HttpResponseMessage> Search(this HttpClient client, string query, string? chat = null, int limit = 5, float minScore = 0) =>
        client.PostAsJsonAsync(chat is null ? "/api/memories/_search" : $"/api/chats/{chat}/memories/_search", new { query, limit, minScore });

    public static async Task<List<JsonElement>> Memories(this HttpClient client, string chat) =>
        Embedded(await (await client.GetAsync(Path($"/api/chats/{chat}/memories"))).Json());

    public static List<JsonElement> Embedded(JsonElement page) => [.. page.GetProperty("_embedded").GetProperty("inf:memory").EnumerateArray()];

    public static string Id(this JsonElement resource) => resource.GetProperty("id").GetString()!;

    public static string Text(this JsonElement resource, string name) => resource.GetProperty(name).GetString()!;

    /// <summary>The ids of the memories that were recalled into a turn, as its end tells them.</summary>
    public static string[] Recalled(this UiEvent finish) =>
        finish.Data.GetProperty("messageMetadata").TryGetProperty("memories", out var memories)
            ? [.. memories.EnumerateArray().Select(id => id.GetString()!)]
            : [];
}
