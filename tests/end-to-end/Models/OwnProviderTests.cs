using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>A service whose operator allows the tenants' providers one address of its own network: 127.0.0.2.</summary>
public sealed class GuardedService : IAsyncLifetime
{
    private readonly TestDirectory _directory = new();

    public ServiceProcess Service { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    public string DataDirectory => _directory.Path;

    public async ValueTask InitializeAsync()
    {
        Service = await ServiceProcess.Start(_directory.Path, new Dictionary<string, string>
        {
            ["Informer__Providers__AllowedNetworks__0"] = "127.0.0.2/32",
            ["Informer__Providers__AllowHttp"] = "true",
            ["Informer__Providers__RetriesMax"] = "0",
            ["Informer__Providers__BreakerCallsMin"] = "1000",
            ["Logging__LogLevel__Default"] = "Debug",
        });
        Admin = Service.ClientOf("admin");
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Service.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>Makes a provider.</summary>
    public async Task<string> Provider(string baseUrl, string key, string type = "openai-compatible")
    {
        var answer = await Admin.PostAsJsonAsync("/api/providers", new { name = "Own", type, baseUrl, credential = ProviderTests.Credential(key) });
        return (await answer.Json()).GetProperty("id").GetString()!;
    }

    /// <summary>Tests it.</summary>
    public async Task<JsonElement> Test(string id) => await (await Admin.PostAsync(new Uri($"/api/providers/{id}/_test", UriKind.Relative), null)).Json();
}

/// <summary>Where the tenants' providers may be, and that their keys are nowhere to be seen.</summary>
public sealed class OwnProviderTests(GuardedService guarded) : IClassFixture<GuardedService>
{
    private const string Refused = "The address of this provider is not allowed: it must be public, and begin with https.";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("127.1")]
    [InlineData("127.0.0.3")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("0")]
    [InlineData("0.0.0.0")]
    [InlineData("[::1]")]
    [InlineData("[::]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("[fe80::1]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public async Task A_providers_address_does_not_reach_into_the_services_own_network(string host)
    {
        using var inside = new TcpListener(IPAddress.IPv6Any, 0);
        inside.Server.DualMode = true;
        inside.Start();
        var port = ((IPEndPoint)inside.LocalEndpoint).Port;
        foreach (var scheme in new[] { "https", "http" })
        {
            var id = await guarded.Provider($"{scheme}://{host}:{port}/v1", "sk-any");

            var test = await guarded.Test(id);
            var models = await guarded.Admin.GetAsync(new Uri($"/api/providers/{id}/_models", UriKind.Relative));

            Assert.False(test.GetProperty("ok").GetBoolean());
            Assert.Equal(Refused, test.GetProperty("error").GetString());
            Assert.Equal(HttpStatusCode.BadGateway, models.StatusCode);
            Assert.Equal("PROVIDER_ADDRESS_REFUSED", (await models.Json()).GetProperty("code").GetString());
            Assert.False(inside.Pending());
        }
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_into_the_services_own_network_is_not_followed(int status)
    {
        await using var outside = new FailingProvider(IPAddress.Parse("127.0.0.2"));
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        outside.Head = $"{status} Over There\r\nlocation: http://{inside.LocalEndpoint}/v1/models";
        var id = await guarded.Provider(outside.Address.ToString(), "sk-any");

        var test = await guarded.Test(id);

        Assert.False(test.GetProperty("ok").GetBoolean());
        Assert.Contains("redirect", test.GetProperty("error").GetString());
        Assert.Equal(1, outside.Connections);
        Assert.False(inside.Pending());
    }

    [Fact]
    public async Task An_address_that_the_operator_allows_is_called()
    {
        await using var outside = new FailingProvider(IPAddress.Parse("127.0.0.2"));
        outside.Head = "200 OK\r\ncontent-type: application/json";
        outside.Body = """{"object":"list","data":[{"id":"m","object":"model","created":1,"owned_by":"us"}]}""";

        var test = await guarded.Test(await guarded.Provider(outside.Address.ToString(), "sk-any"));

        Assert.True(test.GetProperty("ok").GetBoolean(), test.ToString());
    }

    [Fact]
    public async Task A_key_is_in_no_answer_no_log_and_no_file_however_its_provider_fails()
    {
        const string Canary = "sk-canary-4c1f9b2e7d";
        await using var outside = new FailingProvider(IPAddress.Parse("127.0.0.2"));
        var answers = new StringBuilder();
        async Task Say(Task<HttpResponseMessage> call)
        {
            var answer = await call;
            answers.Append(answer.Headers).Append(await answer.Content.ReadAsStringAsync());
        }

        foreach (var type in new[] { "openai", "azure-openai", "openai-compatible", "anthropic", "google" })
        {
            var id = await guarded.Provider(outside.Address.ToString(), Canary, type);
            var model = await ByokTests.Model(guarded.Admin, id);
            var chat = await guarded.Admin.NewChat(new { modelId = model, name = "Test" });
            foreach (var (head, body) in Failures())
            {
                (outside.Head, outside.Body) = (head, body);
                await Say(guarded.Admin.PostAsync(new Uri($"/api/providers/{id}/_test", UriKind.Relative), null));
                await Say(guarded.Admin.GetAsync(new Uri($"/api/providers/{id}/_models", UriKind.Relative)));
                await Say(guarded.Admin.PostAsJsonAsync($"/api/models/{model}/_completion", new { prompt = "Hello" }));
                await Say(guarded.Admin.Turn(chat, "Hello"));
            }

            await Say(guarded.Admin.GetAsync(new Uri($"/api/chats/{chat}/_export", UriKind.Relative)));
            await Say(guarded.Admin.GetAsync(new Uri($"/api/chats/{chat}/_export?format=markdown", UriKind.Relative)));

            await Say(guarded.Admin.GetAsync(new Uri("/api/providers", UriKind.Relative)));
            await Say(guarded.Admin.GetAsync(new Uri($"/api/providers/{id}", UriKind.Relative)));
            await Say(guarded.Admin.PutAsJsonAsync($"/api/providers/{id}", new { baseUrl = 7, credential = new { type = "api_key", apiKey = Canary } }));
            await Say(guarded.Admin.PutAsJsonAsync($"/api/providers/{id}", new { credential = new { type = "api_key", apiKey = Canary } }));
            await Say(guarded.Admin.PostAsJsonAsync("/api/providers", new { credential = new { type = "wrong", apiKey = Canary } }));
        }

        // It was sent each time, so that its absence below means something.
        Assert.True(outside.HeardKey);
        Assert.DoesNotContain(Canary, answers.ToString());
        Assert.DoesNotContain(Canary, guarded.Service.Console);
        Assert.Empty(await KeyTests.FilesWith(guarded.DataDirectory, Canary));
    }

    [Fact]
    public async Task Without_the_claim_of_its_own_keys_a_tenant_brings_none()
    {
        using var directory = new TestDirectory();
        await using var service = await ServiceProcess.Start(directory.Path, new Dictionary<string, string> { ["Informer__BootstrapByok"] = "false" });
        using var admin = service.ClientOf("admin");

        var answer = await admin.PostAsJsonAsync("/api/providers", new { name = "Own", type = "openai", credential = ProviderTests.Credential("sk-any") });

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("ENTERPRISE_CREDENTIAL_REQUIRED", (await answer.Json()).GetProperty("code").GetString());
        Assert.Equal(1, (await (await admin.GetAsync(new Uri("/api/providers", UriKind.Relative))).Json()).GetProperty("total").GetInt32());
    }

    private static IEnumerable<(string Head, string Body)> Failures()
    {
        const string Json = """{"type":"error","error":{"message":"Incorrect API key provided: {key}","type":"{key}","code":"{key}"}}""";
        foreach (var status in new[] { 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529 })
        {
            yield return ($"{status} {{key}}\r\ncontent-type: application/json", Json);
        }

        yield return ("302 Found\r\nlocation: https://{key}@127.0.0.1/{key}", "");
        yield return ("200 OK\r\ncontent-type: application/json", Json);
        yield return ("200 OK\r\ncontent-type: application/json", "{key}");
        yield return ("200 OK\r\ncontent-type: application/json", """{"data":[{"id":"{key}",""");
        yield return ("not http {key}", "");
        yield return ("", "");
    }
}
