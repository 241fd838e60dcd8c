using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>The catalog over HTTP: who may change it, what is refused, and what a change does.</summary>
public sealed class ModelTests(ServiceFixture fixture)
{
    private HttpClient Admin => fixture.Admin;

    private HttpClient Analyst => fixture.Analyst;

    [Fact]
    public async Task A_model_is_made_read_changed_listed_and_deleted()
    {
        var made = await (await Admin.PostAsJsonAsync("/api/models", Chat("made-1", more: new() { ["description"] = "First" }))).Json();
        var id = made.GetProperty("id").GetString()!;

        Assert.Equal($"/api/models/{id}", made.GetProperty("_links").GetProperty("self").GetProperty("href").GetString());
        Assert.Equal((0.5m, 2m), (made.GetProperty("promptPpm").GetDecimal(), made.GetProperty("completionPpm").GetDecimal()));
        Assert.Equal(0.5m, made.GetProperty("cacheReadPpm").GetDecimal());
        Assert.Equal(id, (await Get(Analyst, "made-1")).Body.GetProperty("id").GetString());
        Assert.Contains("made-1", await Slugs(Analyst, "/api/models?chat=true"));
        Assert.DoesNotContain("made-1", await Slugs(Analyst, "/api/models?chat=false"));

        var changed = await (await Admin.PutAsJsonAsync("/api/models/made-1", new { name = "Renamed", completionPpm = 3 })).Json();

        Assert.Equal(("Renamed", "First", 0.5m, 3m), (
            changed.GetProperty("name").GetString(), changed.GetProperty("description").GetString(),
            changed.GetProperty("promptPpm").GetDecimal(), changed.GetProperty("completionPpm").GetDecimal()));
        Assert.Equal(made.GetProperty("createdAt").GetString(), changed.GetProperty("createdAt").GetString());

        Assert.Equal(HttpStatusCode.OK, (await Admin.DeleteAsync(Of(id))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Get(Analyst, id)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Admin.DeleteAsync(Of(id))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Admin.PutAsJsonAsync($"/api/models/{id}", new { name = "x" })).StatusCode);
    }

    [Fact]
    public async Task Only_those_who_manage_models_change_them()
    {
        using var nobody = fixture.Service.Client();

        Assert.Equal(HttpStatusCode.Forbidden, (await Analyst.PostAsJsonAsync("/api/models", Chat("denied"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Analyst.PutAsJsonAsync("/api/models/everyday", new { promptPpm = 0 })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Analyst.DeleteAsync(Of("everyday"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.PostAsJsonAsync("/api/models", Chat("denied"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Get(Analyst, "denied")).Status);
    }

    [Theory]
    [InlineData("promptPpm", "null")]
    [InlineData("promptPpm", "-1")]
    [InlineData("promptPpm", "\"NaN\"")]
    [InlineData("promptPpm", "1e400")]
    [InlineData("promptPpm", "1000001")]
    [InlineData("promptPpm", "\"0.5\"")]
    [InlineData("completionPpm", "-0.000001")]
    [InlineData("cacheReadPpm", "-1")]
    [InlineData("cacheWriteShortPpm", "-1")]
    [InlineData("cacheWriteLongPpm", "-1")]
    [InlineData("imagePrice", "-1")]
    [InlineData("tier", "\"cheap\"")]
    [InlineData("pricingTier", "\"low\"")]
    [InlineData("slug", "\"a/b\"")]
    [InlineData("contextWindow", "-1")]
    [InlineData("dimensions", "0")]
    [InlineData("chat", "\"yes\"")]
    [InlineData("deprecatedAt", "\"soon\"")]
    [InlineData("providerId", "\"nobody\"")]
    [InlineData("referencesId", "\"nobody\"")]
    [InlineData("fallbackIds", "[\"nobody\"]")]
    [InlineData("model", "\"\"")]
    [InlineData("name", "\"\"")]
    public async Task L19_A_field_that_makes_no_sense_is_refused_when_it_is_saved(string field, string json)
    {
        var model = Chat("refused", more: []);
        model.Remove(field);
        var text = JsonSerializer.Serialize(model)[..^1] + $",\"{field}\":{json}}}";
        using var body = new StringContent(text, Encoding.UTF8, "application/json");

        var answer = await Admin.PostAsync(new Uri("/api/models", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(field, (await answer.Json()).GetProperty("validation").EnumerateArray().Select(fault => fault.GetProperty("path").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await Get(Admin, "refused")).Status);
    }

    [Theory]
    [InlineData("promptPpm", "chat")]
    [InlineData("completionPpm", "chat")]
    [InlineData("promptPpm", "createEmbeddings")]
    [InlineData("imagePrice", "generateImage")]
    public async Task L19_A_model_is_priced_before_it_can_be_used(string price, string capability)
    {
        var model = new Dictionary<string, object?>
        {
            ["name"] = "Unpriced", ["model"] = "sim-everyday", [capability] = true, ["promptPpm"] = 1, ["completionPpm"] = 1, ["imagePrice"] = 1,
        };
        model.Remove(price);

        var answer = await Admin.PostAsJsonAsync("/api/models", model);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(price, (await answer.Json()).GetProperty("validation")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task L19_A_model_cannot_learn_what_it_has_no_price_for()
    {
        await Admin.NewModel(new { name = "Images", slug = "only-images", model = "sim-image", generateImage = true, imagePrice = 1 });

        var answer = await Admin.PutAsJsonAsync("/api/models/only-images", new { chat = true, promptPpm = 1 });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("completionPpm", (await answer.Json()).GetProperty("validation")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_slug_or_id_is_one_model_s()
    {
        await Admin.NewModel(Chat("taken"));

        var again = await Admin.PostAsJsonAsync("/api/models", Chat("taken"));
        var asId = await Admin.PostAsJsonAsync("/api/models", Chat("go_everyday"));

        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal("SLUG_TAKEN", (await again.Json()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.Conflict, asId.StatusCode);
    }

    [Fact]
    public async Task An_alias_follows_its_model_and_never_itself()
    {
        await Admin.NewModel(Chat("target-a", more: new() { ["tier"] = "advanced", ["attachments"] = true }));
        var alias = await Admin.NewModel(new { name = "Alias", slug = "alias-a", referencesId = "target-a" });
        await Admin.NewModel(new { name = "Alias of alias", slug = "alias-b", referencesId = "alias-a" });

        var shown = (await Get(Analyst, "alias-b")).Body;
        Assert.Equal(("advanced", true, 0.5m), (
            shown.GetProperty("tier").GetString(), shown.GetProperty("attachments").GetBoolean(), shown.GetProperty("promptPpm").GetDecimal()));
        Assert.Equal(alias, shown.GetProperty("referencesId").GetString());
        Assert.Equal("alias-a", shown.GetProperty("referencedModel").GetProperty("slug").GetString());
        foreach (var (slug, references) in new[] { ("alias-a", "alias-a"), ("alias-a", "alias-b"), ("target-a", "alias-b") })
        {
            var cycle = await Admin.PutAsJsonAsync($"/api/models/{slug}", new { referencesId = references });
            Assert.Equal(HttpStatusCode.BadRequest, cycle.StatusCode);
            Assert.Equal("referencesId", (await cycle.Json()).GetProperty("validation")[0].GetProperty("path").GetString());
        }

        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(await Analyst.NewChat(new { modelId = "alias-b", name = "Test" }), "Hello"));
        Assert.Equal("finish", events[^1].Type);
    }

    [Fact]
    public async Task A_chat_becomes_stale_with_its_model()
    {
        await Admin.NewModel(Chat("going"));
        var chat = await Analyst.NewChat(new { modelId = "going", name = "Test" });
        Assert.False((await Read(chat)).GetProperty("stale").GetBoolean());

        await Admin.DeleteAsync(Of("going"));

        Assert.True((await Read(chat)).GetProperty("stale").GetBoolean());
        var turn = await Analyst.Turn(chat, "Hello");
        Assert.Equal(HttpStatusCode.BadRequest, turn.StatusCode);
        Assert.Equal("MODEL_NOT_FOUND", (await turn.Json()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_the_service_decides_is_not_taken_from_a_body()
    {
        var answer = await Admin.PostAsJsonAsync("/api/models", Chat("mass", more: new()
        {
            ["id"] = "go_everyday", ["createdAt"] = "2001-01-01T00:00:00Z", ["updatedAt"] = "2001-01-01T00:00:00Z",
            ["tenantId"] = "other", ["referencedModel"] = new { id = "everyday" }, ["_links"] = new { self = new { href = "/" } },
        }));

        var made = await answer.Json();
        Assert.NotEqual("go_everyday", made.GetProperty("id").GetString());
        Assert.False(made.GetProperty("createdAt").GetString()!.StartsWith("2001", StringComparison.Ordinal));
        Assert.Equal("go_everyday", (await Get(Analyst, "go_everyday")).Body.GetProperty("slug").GetString());
    }

    [Fact]
    public async Task An_internal_model_is_none_for_those_who_do_not_manage_models()
    {
        object messages = new[] { ServiceCalls.User("Hello") };
        var chat = await Analyst.NewChat();

        Assert.Equal(HttpStatusCode.NotFound, (await Get(Analyst, "everyday")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.PostAsJsonAsync("/api/models/everyday/_chat", new { messages })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.PostAsJsonAsync("/api/models/everyday/_completion", new { prompt = "Hello" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.PostAsJsonAsync("/api/models/everyday/_object", new { messages, schema = new { } })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Analyst.PostAsJsonAsync($"/api/chats/{chat}", new { message = ServiceCalls.User("Hello"), modelId = "everyday" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Get(Admin, "everyday")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Admin.PostAsJsonAsync("/api/models/everyday/_chat", new { messages })).StatusCode);
    }

    private static Dictionary<string, object?> Chat(string slug, Dictionary<string, object?>? more = null)
    {
        var model = new Dictionary<string, object?>
        {
            ["name"] = $"Model {slug}", ["slug"] = slug, ["model"] = "sim-everyday", ["chat"] = true, ["tier"] = "everyday",
            ["promptPpm"] = 0.5, ["completionPpm"] = 2, ["contextWindow"] = 128_000, ["maxOutputTokens"] = 16_384,
        };
        foreach (var (name, value) in more ?? [])
        {
            model[name] = value;
        }

        return model;
    }

    private static Uri Of(string id) => new($"/api/models/{id}", UriKind.Relative);

    private async Task<JsonElement> Read(string id) => await (await Analyst.GetAsync(new Uri($"/api/chats/{id}", UriKind.Relative))).Json();

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Get(HttpClient client, string id)
    {
        var answer = await client.GetAsync(Of(id));
        return (answer.StatusCode, await answer.Json());
    }

    private static async Task<List<string?>> Slugs(HttpClient client, string path)
    {
        var page = await (await client.GetAsync(new Uri(path, UriKind.Relative))).Json();
        return [.. page.GetProperty("_embedded").GetProperty("inf:model").EnumerateArray().Select(model => model.GetProperty("slug").GetString())];
    }
}
