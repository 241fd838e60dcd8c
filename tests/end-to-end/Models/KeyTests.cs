using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>The operator's key and a tenant's own, in a service that has seen each failure that a provider can have.</summary>
public sealed class KeyTests
{
    private const string Operators = "sk-canary-operator-91b7c2";
    private const string Tenants = "sk-canary-tenant-3fe08d";

    // Of the simulator: for any kind of call, and those that only chats have.
    private static readonly string[] Faults =
    [
        "status", "status code=401", "status code=403", "status code=429", "status code=502", "hang-before-headers",
        "reset-before-headers", "error-200", "redirect", "usage-missing",
    ];

    private static readonly string[] ChatFaults =
    [
        "hang", "slow", "drip", "endless", "reset", "no-done", "truncated-json", "cut-line", "error-mid-stream", "invalid-utf8", "crlf",
        "big-token", "content-filter", "length", "usage-negative", "usage-huge", "usage-nan", "usage-zero", "usage-twice",
        "usage-only-at-end", "usage-in-finish", "usage-each",
    ];

    [Fact]
    public async Task No_key_is_in_an_answer_a_log_an_export_or_a_file_after_every_fault_of_a_provider()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var service = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(
            simulator, ("OPENAI_API_KEY", Operators), ("Logging__LogLevel__Default", "Debug")));
        using var admin = service.ClientOf("admin");
        var own = await OwnModels(admin, simulator.BaseAddress);
        var heard = new ConcurrentQueue<string>();
        var since = simulator.Log.LastId;

        async Task Hear(Task<HttpResponseMessage> call)
        {
            using var answer = await call;
            heard.Enqueue($"{answer.Headers} {answer.Content.Headers} {await answer.Content.ReadAsStringAsync()}");
        }

        async Task Provoke((string Chat, string Embedding, string Image) models, string fault, bool everyKind)
        {
            var text = $"Hello #sim fault={fault} tokens=5 size=50000";
            var chat = await admin.NewChat(new { modelId = models.Chat, name = "Test", outputSize = "small" });
            await Hear(admin.Turn(chat, text));
            await Hear(admin.PostAsJsonAsync($"/api/models/{models.Chat}/_completion", new { prompt = text }));
            await Hear(admin.PostAsJsonAsync($"/api/models/{models.Chat}/_object", new { messages = new[] { ServiceCalls.User(text) }, schema = new { type = "object" }, outputSize = "small" }));
            if (everyKind)
            {
                await Hear(admin.PostAsJsonAsync($"/api/models/{models.Embedding}/_embed", new { input = text }));
                await Hear(admin.PostAsJsonAsync($"/api/models/{models.Image}/_image", new { prompt = text }));
            }

            await Hear(admin.GetAsync(new Uri($"/api/chats/{chat}/_export", UriKind.Relative)));
            await Hear(admin.GetAsync(new Uri($"/api/chats/{chat}/_export?format=markdown", UriKind.Relative)));
            await Hear(admin.GetAsync(new Uri($"/api/chats/{chat}/messages", UriKind.Relative)));
        }

        var managed = ("go_everyday", "informer-embedding", "informer-image");
        await Task.WhenAll(new[] { managed, own }.SelectMany(models =>
            Faults.Select(fault => Provoke(models, fault, everyKind: true)).Concat(ChatFaults.Select(fault => Provoke(models, fault, everyKind: false)))));
        await Hear(admin.GetAsync(new Uri("/api/providers", UriKind.Relative)));
        await Hear(admin.GetAsync(new Uri("/api/models", UriKind.Relative)));

        // Every fault was met, so that the silence about the keys means something.
        var met = simulator.Log.Entries(since).Select(served => served.Fault).OfType<string>().ToHashSet();
        Assert.Empty(Faults.Concat(ChatFaults).Select(fault => fault.Split(' ')[0]).Except(met));
        foreach (var key in new[] { Operators, Tenants })
        {
            Assert.DoesNotContain(heard, answer => answer.Contains(key, StringComparison.Ordinal));
            Assert.DoesNotContain(key, service.Console, StringComparison.Ordinal);
            Assert.Empty(await FilesWith(directory.Path, key));
        }

        await ServiceCalls.Eventually(() => Task.FromResult(service.Count("SELECT COUNT(*) FROM credit_hold") == 0), TimeSpan.FromSeconds(20));
    }

    /// <summary>The files under a directory that have a text in them.</summary>
    internal static async Task<List<string>> FilesWith(string directory, string text)
    {
        List<string> found = [];
        // The lock of the directory is empty, and only its holder may open it.
        foreach (var file in Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            if ((await reader.ReadToEndAsync()).Contains(text, StringComparison.Ordinal))
            {
                found.Add(file);
            }
        }

        return found;
    }

    private static async Task<(string Chat, string Embedding, string Image)> OwnModels(HttpClient admin, Uri address)
    {
        var answer = await admin.PostAsJsonAsync("/api/providers", new
        {
            name = "Own",
            type = "openai-compatible",
            baseUrl = address,
            credential = ProviderTests.Credential(Tenants),
        });
        var provider = (await answer.Json()).GetProperty("id").GetString()!;
        var embedding = await admin.NewModel(new { name = "Own embedding", providerId = provider, model = "sim-embedding", createEmbeddings = true, promptPpm = 1 });
        var image = await admin.NewModel(new { name = "Own image", providerId = provider, model = "sim-image", generateImage = true, imagePrice = 1 });
        return (await ByokTests.Model(admin, provider), embedding, image);
    }
}
