using System.Net.Http.Json;
using System.Text.Json;
using Informer.Ai.Simulator;
using Xunit;

[assembly: AssemblyFixture(typeof(Informer.Ai.ServiceFixture))]
[assembly: AssemblyFixture(typeof(Informer.Ai.PostgresFixture))]

namespace Informer.Ai;

/// <summary>One running service over a simulator whose log the tests can read. Shared: tests must not fight over the pool.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    private readonly TestDirectory _directory = new();

    /// <summary>The provider.</summary>
    public SimulatorServer Simulator { get; private set; } = null!;

    /// <summary>The service.</summary>
    public ServiceProcess Service { get; private set; } = null!;

    /// <summary>A client with the analyst's token.</summary>
    public HttpClient Analyst { get; private set; } = null!;

    /// <summary>A client with the administrator's token.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        // What the service does by itself after a turn would move the pool while others count it.
        Service = await ServiceProcess.Start(_directory.Path, SettingsFor(Simulator, ("Informer__Memories__OffTenants__0", "demo")));
        Analyst = Service.ClientOf("analyst");
        Admin = Service.ClientOf("admin");
    }

    public async ValueTask DisposeAsync()
    {
        Analyst.Dispose();
        Admin.Dispose();
        await Service.DisposeAsync();
        await Simulator.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>Settings that make a service call this simulator through the real OpenAI SDK.</summary>
    public static Dictionary<string, string> SettingsFor(SimulatorServer simulator, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["OPENAI_API_KEY"] = "sk-test",
            ["OPENAI_BASE_URL"] = simulator.BaseAddress.ToString(),
            ["Informer__Models__Everyday"] = "sim-everyday",
            ["Informer__Models__Advanced"] = "sim-advanced",
            ["Informer__Models__Strategic"] = "sim-strategic",
            ["Informer__Models__Embedding"] = "sim-embedding",
            ["Informer__Models__Image"] = "sim-image",
            ["Informer__Turns__ImageTimeout"] = "00:00:04",
            ["Informer__Turns__CheckpointEvery"] = "00:00:00.2",
            ["Informer__Turns__FirstEventWait"] = "00:00:02",
            ["Informer__Turns__ProviderIdleTimeout"] = "00:00:04",
            // A test that provokes failures shares the provider with those that count its calls.
            ["Informer__Providers__RetriesMax"] = "0",
            ["Informer__Providers__BreakerCallsMin"] = "1000000",
            ["Informer__Providers__AllowedNetworks__0"] = "127.0.0.0/8",
            ["Informer__Providers__AllowHttp"] = "true",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }
}

/// <summary>What the tests say to the service.</summary>
public static class ServiceCalls
{
    /// <summary>A new chat's id. It has a name unless the settings leave it out, so that no side call looks for one.</summary>
    public static async Task<string> NewChat(this HttpClient client, object? settings = null)
    {
        var answer = await client.PostAsJsonAsync("/api/chats", settings ?? new { modelId = "go_everyday", name = "Test" });
        answer.EnsureSuccessStatusCode();
        return (await answer.Json()).GetProperty("id").GetString()!;
    }

    /// <summary>Sends a POST and returns when the headers are there.</summary>
    public static async Task<HttpResponseMessage> Begin(
        this HttpClient client, string path, object body, CancellationToken cancellation = default) =>
        await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) },
            HttpCompletionOption.ResponseHeadersRead,
            cancellation);

    /// <summary>Starts a turn with a text of the user.</summary>
    public static Task<HttpResponseMessage> Turn(
        this HttpClient client, string chat, string text, bool resumable = false, CancellationToken cancellation = default) =>
        client.Begin($"/api/chats/{chat}", new { message = User(text), resumable }, cancellation);

    /// <summary>A UI message of the user.</summary>
    public static object User(string text) => new { id = "u1", role = "user", parts = new[] { new { type = "text", text } } };

    /// <summary>The body of an answer.</summary>
    public static async Task<JsonElement> Json(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"{(int)answer.StatusCode} is not JSON: {text}");
        }
    }

    /// <summary>The caller's budget.</summary>
    public static async Task<JsonElement> Budget(this HttpClient client) =>
        await (await client.GetAsync(new Uri("/api/ai-budget", UriKind.Relative))).Json();

    /// <summary>Charged to the caller this month, and to the pool.</summary>
    public static async Task<(decimal Month, decimal Pool)> Used(this HttpClient client)
    {
        var budget = await client.Budget();
        return (budget.GetProperty("monthly").GetProperty("creditsUsed").GetDecimal(), budget.GetProperty("pool").GetProperty("used").GetDecimal());
    }

    /// <summary>A new model's id; the administrator makes it.</summary>
    public static async Task<string> NewModel(this HttpClient admin, object model)
    {
        var answer = await admin.PostAsJsonAsync("/api/models", model);
        var body = await answer.Json();
        return answer.IsSuccessStatusCode ? body.GetProperty("id").GetString()! : throw new InvalidOperationException(body.ToString());
    }

    /// <summary>An app that may spend so many credits a month, as a request names it.</summary>
    public static async Task<object> NewApp(this HttpClient admin, int budget)
    {
        var app = new { type = "app", id = Guid.CreateVersion7().ToString("N") };
        (await admin.PutAsJsonAsync($"/api/usage-budgets/app/{app.id}", new { monthlyBudget = budget })).EnsureSuccessStatusCode();
        return app;
    }

    /// <summary>The messages of a chat.</summary>
    public static async Task<List<JsonElement>> Messages(this HttpClient client, string chat)
    {
        var list = await (await client.GetAsync(new Uri($"/api/chats/{chat}/messages", UriKind.Relative))).Json();
        return [.. list.GetProperty("_embedded").GetProperty("inf:message").EnumerateArray()];
    }

    /// <summary>A number from the service's database, read beside it.</summary>
    public static long Count(this ServiceProcess service, string sql) => ServiceStore.Count(service.DataDirectory, sql);

    /// <summary>Changes the service's database beside it.</summary>
    public static void Tamper(this ServiceProcess service, string sql) => ServiceStore.Tamper(service.DataDirectory, sql);

    /// <summary>Looks again until it is true; for what becomes true on its own within a bounded time.</summary>
    public static async Task Eventually(Func<Task<bool>> condition, TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
