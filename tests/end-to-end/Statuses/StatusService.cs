using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Informer.Ai.Isolation;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Statuses;

/// <summary>One service for all provocations, small in what it allows, and what can be taken from it.</summary>
public sealed class StatusService : IAsyncLifetime
{
    public const int BodyBytesMax = 16 * 1024;
    private const int StreamsMax = 3;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly string[] Called = ["everyday", "informer-embedding", "informer-image"];
    private readonly TestDirectory _directory = new();

    public SimulatorServer Simulator { get; private set; } = null!;

    public ServiceProcess Service { get; private set; } = null!;

    /// <summary>Who may do everything.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Who may not use AI, nor manage it.</summary>
    public HttpClient Stranger { get; private set; } = null!;

    public HttpClient Nobody { get; private set; } = null!;

    /// <summary>Has what each route needs; no provocation changes it.</summary>
    public Things Kept { get; private set; } = null!;

    /// <summary>The same, with an answer in flight, and in use by others.</summary>
    public Things Busy { get; private set; } = null!;

    /// <summary>The same, with a chat that has never answered.</summary>
    public Things Silent { get; private set; } = null!;

    public IReadOnlyList<ApiRoute> Routes { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        Service = await ServiceProcess.Start(_directory.Path, ServiceFixture.SettingsFor(
            Simulator,
            ("Informer__Turns__ProviderIdleTimeout", "00:05:00"),
            ("Informer__Memories__OffTenants__0", "demo"),
            ("Informer__Gateway__BodyBytesMax", $"{BodyBytesMax}"),
            ("Informer__Gateway__StreamsPerUserMax", $"{StreamsMax}")));
        (Admin, Stranger, Nobody) = (Service.ClientOf("admin"), Service.ClientOf("operator"), Service.Client());
        Routes = await ApiRoutes.Read(Admin);
        (Kept, Busy) = (await New(), await New());
        Silent = Kept with { Chat = await Admin.NewChat() };
        await Admin.NewModel(Things.NewModel("of-the-busy-one", Busy.Provider));
        (await Admin.Turn(Busy.Chat, "Wait #sim fault=hang after=2", resumable: true)).Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Stranger.Dispose();
        Nobody.Dispose();
        await Service.DisposeAsync();
        await Simulator.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>A chat with a question, an answer and a memory, a model, and a provider of the tenant's own.</summary>
    public async Task<Things> New()
    {
        var chat = await Admin.NewChat();
        await UiStream.ReadAll(await Admin.Turn(chat, "Hello #sim tokens=5"));
        var messages = await Admin.Messages(chat);
        var (question, answer) = (Id(messages[0]), Id(messages[1]));
        var memory = Id(await Made($"/api/chats/{chat}/memories", new { messageIds = new[] { question }, summary = "The user says hello." }));
        var model = await Admin.NewModel(Things.NewModel($"model-{chat}", "managed"));
        var provider = Id(await Made("/api/providers", new
        {
            name = "Own",
            type = "openai-compatible",
            baseUrl = Simulator.BaseAddress,
            credential = new { type = "api_key", apiKey = "sk-own" },
        }));
        return new Things(chat, question, answer, memory, model, provider);
    }

    /// <summary>The administrator of another tenant, which has no credits, and a chat of theirs.</summary>
    public async Task<(HttpClient Client, Things Things)> NewTenant(string name, bool licensed)
    {
        OtherTenant.Add(Service, name, licensed);
        var client = OtherTenant.ClientOf(Service, name);
        var chat = await client.NewChat();
        foreach (var role in new[] { "user", "assistant" })
        {
            (await client.PostAsJsonAsync($"/api/chats/{chat}/messages", new { role, parts = new[] { new { type = "text", text = "Hello" } } })).EnsureSuccessStatusCode();
        }

        var messages = await client.Messages(chat);
        return (client, new Things(chat, Id(messages[0]), Id(messages[1]), "", "everyday", "managed"));
    }

    /// <summary>While it runs, the caller's profile is so.</summary>
    public async Task WithProfile(object changed, Func<Task> work)
    {
        var slug = Text((await Admin.Budget()).GetProperty("profile"), "slug");
        var profiles = await (await Admin.GetAsync(new Uri("/api/usage-profiles", UriKind.Relative))).Json();
        var mine = profiles.GetProperty("_embedded").GetProperty("inf:usage-profile").EnumerateArray().Single(profile => Text(profile, "slug") == slug);
        var (cap, tiers) = (mine.GetProperty("creditCapPerMonth"), mine.GetProperty("allowedModelTiers"));
        await Changed($"/api/usage-profiles/{Id(mine)}", changed);
        try
        {
            await work();
        }
        finally
        {
            await Changed($"/api/usage-profiles/{Id(mine)}", new { creditCapPerMonth = cap, allowedModelTiers = tiers });
        }
    }

    /// <summary>While it runs, no provider of any model can be reached.</summary>
    public async Task WithoutProviders(Func<Things, Task> work)
    {
        var gone = Id(await Made("/api/providers", new
        {
            name = "Gone",
            type = "openai-compatible",
            baseUrl = "http://127.0.0.1:9/v1",
            credential = new { type = "api_key", apiKey = "sk-gone" },
        }));
        await CallBy(gone);
        try
        {
            await work(Kept with { Provider = gone });
        }
        finally
        {
            await CallBy("managed");
        }
    }

    /// <summary>While it runs, the caller has as many streams open as may be.</summary>
    public async Task WithStreamsTaken(Func<Task> work)
    {
        List<(string Chat, HttpResponseMessage Stream)> taken = [];
        while (taken.Count < StreamsMax)
        {
            var chat = await Admin.NewChat();
            await ServiceCalls.Eventually(
                async () =>
                {
                    var stream = await Admin.Turn(chat, "Wait #sim fault=hang after=2");
                    taken.Add((chat, stream));
                    return stream.StatusCode == HttpStatusCode.OK || !taken.Remove((chat, stream));
                },
                Soon);
        }

        try
        {
            await work();
        }
        finally
        {
            foreach (var (chat, stream) in taken)
            {
                await Admin.PostAsync(new Uri($"/api/chats/{chat}/_abort", UriKind.Relative), null);
                await UiStream.ReadAll(stream);
            }
        }
    }

    /// <summary>Gives an entity a monthly budget.</summary>
    public Task Budget(string entity, int credits) => Changed($"/api/usage-budgets/{entity.Replace(':', '/')}", new { monthlyBudget = credits });

    /// <summary>How many holds are open.</summary>
    public long Holds => Service.Count("SELECT COUNT(*) FROM credit_hold");

    private async Task CallBy(string provider)
    {
        foreach (var model in Called)
        {
            await Changed($"/api/models/{model}", new { providerId = provider });
        }
    }

    private async Task<JsonElement> Made(string path, object body)
    {
        var answer = await Admin.PostAsJsonAsync(path, body);
        return answer.IsSuccessStatusCode ? await answer.Json() : throw new InvalidOperationException($"{path}: {await answer.Json()}");
    }

    private async Task Changed(string path, object body)
    {
        var answer = await Admin.PutAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Json()}");
    }

    private static string Id(JsonElement resource) => Text(resource, "id");

    private static string Text(JsonElement resource, string name) => resource.GetProperty(name).GetString()!;
}
