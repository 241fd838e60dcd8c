using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>The routes of providers, each with its answers.</summary>
public sealed class ProviderTests(ServiceFixture fixture)
{
    private const string Key = "sk-own-0123456789";

    private HttpClient Admin => fixture.Admin;

    [Fact]
    public async Task A_provider_is_made_listed_read_changed_and_deleted()
    {
        var made = await Made(new { name = "Ours", type = "openai-compatible", baseUrl = "https://models.example.org/v1/", credential = Credential(Key) });
        var id = made.GetProperty("id").GetString();

        Assert.Equal(
            ["_links", "id", "name", "type", "managed", "internal", "baseUrl", "credential", "createdAt", "updatedAt"],
            made.EnumerateObject().Select(field => field.Name));
        Assert.Equal($"/api/providers/{id}", made.GetProperty("_links").GetProperty("self").GetProperty("href").GetString());
        Assert.Equal(("Ours", "openai-compatible", "https://models.example.org/v1"), (Text(made, "name"), Text(made, "type"), Text(made, "baseUrl")));
        Assert.False(made.GetProperty("managed").GetBoolean());
        Assert.Equal("""{"type":"api_key","configured":true}""", made.GetProperty("credential").ToString());

        var changed = await Json(await Admin.PutAsJsonAsync($"/api/providers/{id}", new { name = "Theirs", id = "other", managed = true }));
        Assert.Equal((id, "Theirs", "openai-compatible"), (Text(changed, "id"), Text(changed, "name"), Text(changed, "type")));
        Assert.False(changed.GetProperty("managed").GetBoolean());
        Assert.True(Configured(changed));
        Assert.Equal(changed.ToString(), (await Get($"/api/providers/{id}")).ToString());

        var list = await Get("/api/providers");
        Assert.Contains(list.GetProperty("_embedded").GetProperty("inf:provider").EnumerateArray(), provider => Text(provider, "id") == id);
        Assert.Equal("managed", Text(list.GetProperty("_embedded").GetProperty("inf:provider")[0], "id"));
        Assert.Equal(1, (await Get("/api/providers?start=1&limit=1")).GetProperty("count").GetInt32());

        Assert.Equal(HttpStatusCode.OK, (await Delete(id)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Delete(id)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Admin.GetAsync(Path($"/api/providers/{id}"))).StatusCode);
    }

    [Fact]
    public async Task The_types_are_listed_with_the_schema_of_their_credential()
    {
        var types = (await Get("/api/providers/types")).GetProperty("_embedded").GetProperty("inf:provider-type").EnumerateArray().ToList();

        Assert.Equal(["openai", "azure-openai", "openai-compatible", "anthropic", "google"], types.Select(type => Text(type, "type")));
        Assert.All(types, type => Assert.Equal("object", Text(type.GetProperty("credential"), "type")));
        Assert.All(types, type => Assert.Equal("""["type","apiKey"]""", type.GetProperty("credential").GetProperty("required").ToString()));
    }

    [Theory]
    [InlineData("""{ "type": "openai", "credential": { "type": "api_key", "apiKey": "k" } }""", "name")]
    [InlineData("""{ "name": "", "type": "openai", "credential": { "type": "api_key", "apiKey": "k" } }""", "name")]
    [InlineData("""{ "name": "A", "credential": { "type": "api_key", "apiKey": "k" } }""", "type")]
    [InlineData("""{ "name": "A", "type": "bedrock", "credential": { "type": "api_key", "apiKey": "k" } }""", "type")]
    [InlineData("""{ "name": "A", "type": "openai" }""", "credential")]
    [InlineData("""{ "name": "A", "type": "openai", "credential": "k" }""", "credential")]
    [InlineData("""{ "name": "A", "type": "openai", "credential": { "apiKey": "k" } }""", "credential.type")]
    [InlineData("""{ "name": "A", "type": "openai", "credential": { "type": "oauth", "apiKey": "k" } }""", "credential.type")]
    [InlineData("""{ "name": "A", "type": "openai", "credential": { "type": "api_key" } }""", "credential.apiKey")]
    [InlineData("""{ "name": "A", "type": "openai", "credential": { "type": "api_key", "apiKey": "" } }""", "credential.apiKey")]
    [InlineData("""{ "name": "A", "type": "openai", "credential": { "type": "api_key", "apiKey": "a\r\nx-header: b" } }""", "credential.apiKey")]
    [InlineData("""{ "name": "A", "type": "openai", "credential": { "type": "api_key", "apiKey": "schlüssel" } }""", "credential.apiKey")]
    [InlineData("""{ "name": "A", "type": "azure-openai", "credential": { "type": "api_key", "apiKey": "k" } }""", "baseUrl")]
    [InlineData("""{ "name": "A", "type": "openai-compatible", "credential": { "type": "api_key", "apiKey": "k" } }""", "baseUrl")]
    [InlineData("""{ "name": "A", "type": "openai", "baseUrl": "models", "credential": { "type": "api_key", "apiKey": "k" } }""", "baseUrl")]
    [InlineData("""{ "name": "A", "type": "openai", "baseUrl": "file:///etc/passwd", "credential": { "type": "api_key", "apiKey": "k" } }""", "baseUrl")]
    [InlineData("""{ "name": "A", "type": "openai", "baseUrl": "gopher://example.org", "credential": { "type": "api_key", "apiKey": "k" } }""", "baseUrl")]
    [InlineData("""{ "name": "A", "type": "openai", "baseUrl": "https://user:pass@example.org", "credential": { "type": "api_key", "apiKey": "k" } }""", "baseUrl")]
    [InlineData("""{ "name": "A", "type": "openai", "baseUrl": "https://example.org/?key=1", "credential": { "type": "api_key", "apiKey": "k" } }""", "baseUrl")]
    public async Task A_wrong_provider_is_400_at_the_field_and_never_repeats_its_key(string body, string path)
    {
        var answer = await Admin.PostAsync(Path("/api/providers"), new StringContent(body, null, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = await answer.Json();
        Assert.Equal(path, Text(error.GetProperty("validation")[0], "path"));
        Assert.DoesNotContain("schlüssel", error.ToString());
    }

    [Fact]
    public async Task A_managed_provider_is_not_the_tenants_to_change_or_delete()
    {
        foreach (var answer in new[]
        {
            await Admin.PutAsJsonAsync("/api/providers/managed", new { name = "Mine" }),
            await Admin.PutAsJsonAsync("/api/providers/managed", new { credential = Credential(Key) }),
            await Delete("managed"),
        })
        {
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Equal("PROVIDER_MANAGED", Text(await answer.Json(), "code"));
        }
    }

    [Theory]
    [InlineData("GET", "/api/providers")]
    [InlineData("GET", "/api/providers/types")]
    [InlineData("GET", "/api/providers/managed")]
    [InlineData("POST", "/api/providers")]
    [InlineData("PUT", "/api/providers/managed")]
    [InlineData("DELETE", "/api/providers/managed")]
    [InlineData("POST", "/api/providers/managed/_test")]
    [InlineData("GET", "/api/providers/managed/_models")]
    public async Task Providers_are_for_those_who_manage_models(string method, string path)
    {
        using var nobody = fixture.Service.Client();

        Assert.Equal(HttpStatusCode.Forbidden, (await Send(fixture.Analyst, method, path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Send(nobody, method, path)).StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/providers/nobody")]
    [InlineData("PUT", "/api/providers/nobody")]
    [InlineData("DELETE", "/api/providers/nobody")]
    [InlineData("POST", "/api/providers/nobody/_test")]
    [InlineData("GET", "/api/providers/nobody/_models")]
    public async Task A_provider_that_is_not_there_is_404(string method, string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await Send(Admin, method, path)).StatusCode);

    [Fact]
    public async Task The_key_is_dropped_when_the_origin_of_the_address_changes_and_only_then()
    {
        var id = Text(await Made(new { name = "A", type = "openai-compatible", baseUrl = "https://one.example.org/v1", credential = Credential(Key) }), "id");

        Assert.True(Configured(await Put(id, new { baseUrl = "https://one.example.org/v2" })));
        Assert.True(Configured(await Put(id, new { baseUrl = "https://ONE.example.org:443/v2" })));
        Assert.False(Configured(await Put(id, new { baseUrl = "https://one.example.org.evil.example/v2" })));
        // It does not come back with the address.
        Assert.False(Configured(await Put(id, new { baseUrl = "https://one.example.org/v2" })));

        Assert.True(Configured(await Put(id, new { credential = Credential(Key) })));
        Assert.False(Configured(await Put(id, new { baseUrl = "http://one.example.org/v2" })));
        Assert.True(Configured(await Put(id, new { baseUrl = "https://two.example.org:8443/", credential = Credential(Key) })));
        Assert.False(Configured(await Put(id, new { baseUrl = "https://two.example.org:8444/" })));
        Assert.True(Configured(await Put(id, new { credential = Credential(Key) })));
        Assert.False(Configured(await Put(id, new { credential = (object?)null })));
        await Delete(id);
    }

    [Fact]
    public async Task What_does_not_fit_a_provider_is_400()
    {
        var id = Text(await Made(new { name = "A", type = "openai-compatible", baseUrl = "https://one.example.org/v1", credential = Credential(Key) }), "id");

        foreach (var (body, path) in new (object, string)[] { (new { type = "anthropic" }, "type"), (new { baseUrl = (string?)null }, "baseUrl"), (new { name = "" }, "name") })
        {
            var answer = await Admin.PutAsJsonAsync($"/api/providers/{id}", body);

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(path, Text((await answer.Json()).GetProperty("validation")[0], "path"));
        }

        await Delete(id);
    }

    [Theory]
    [InlineData("openai-compatible")]
    [InlineData("openai")]
    [InlineData("google")]
    public async Task A_provider_is_tested_and_tells_its_models(string type)
    {
        var id = Text(await Made(new { name = "Sim", type, baseUrl = fixture.Simulator.BaseAddress, credential = Credential(Key) }), "id");

        var test = await Json(await Admin.PostAsync(Path($"/api/providers/{id}/_test"), null));
        var models = await Get($"/api/providers/{id}/_models");

        Assert.True(test.GetProperty("ok").GetBoolean(), test.ToString());
        Assert.InRange(test.GetProperty("latencyMs").GetInt64(), 0, 15_000);
        Assert.Equal(JsonValueKind.Null, test.GetProperty("error").ValueKind);
        Assert.Contains("sim-everyday", models.GetProperty("_embedded").GetProperty("inf:offered-model").EnumerateArray().Select(model => Text(model, "id")));
        await Delete(id);
    }

    [Fact]
    public async Task A_managed_provider_can_be_tested_too()
    {
        var test = await Json(await Admin.PostAsync(Path("/api/providers/managed/_test"), null));

        Assert.True(test.GetProperty("ok").GetBoolean());
        Assert.Equal(5, (await Get("/api/providers/managed/_models")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_provider_without_its_key_is_not_called_with_another()
    {
        var id = Text(await Made(new { name = "A", type = "openai-compatible", baseUrl = fixture.Simulator.BaseAddress, credential = Credential(Key) }), "id");
        await Put(id, new { credential = (object?)null });
        var since = fixture.Simulator.Log.LastId;

        var test = await Json(await Admin.PostAsync(Path($"/api/providers/{id}/_test"), null));
        var models = await Admin.GetAsync(Path($"/api/providers/{id}/_models"));

        Assert.False(test.GetProperty("ok").GetBoolean());
        Assert.Equal("This provider has no key to call it with.", Text(test, "error"));
        Assert.Equal(HttpStatusCode.BadGateway, models.StatusCode);
        Assert.Equal("PROVIDER_CREDENTIAL_MISSING", Text(await models.Json(), "code"));
        Assert.Equal(since, fixture.Simulator.Log.LastId);
        await Delete(id);
    }

    internal static object Credential(string key) => new { type = "api_key", apiKey = key };

    private static Uri Path(string path) => new(path, UriKind.Relative);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static bool Configured(JsonElement provider) => provider.GetProperty("credential").GetProperty("configured").GetBoolean();

    private static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        var json = await answer.Json();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, json.ToString());
        return json;
    }

    private static Task<HttpResponseMessage> Send(HttpClient client, string method, string path) =>
        client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method is "GET" or "DELETE" ? null : JsonContent.Create(new { name = "A", type = "openai", credential = Credential(Key) }),
        });

    private async Task<JsonElement> Made(object provider) => await Json(await Admin.PostAsJsonAsync("/api/providers", provider));

    private async Task<JsonElement> Put(string? id, object change) => await Json(await Admin.PutAsJsonAsync($"/api/providers/{id}", change));

    private async Task<JsonElement> Get(string path) => await Json(await Admin.GetAsync(Path(path)));

    private Task<HttpResponseMessage> Delete(string? id) => Admin.DeleteAsync(Path($"/api/providers/{id}"));
}
