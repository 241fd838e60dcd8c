using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>Embeddings, images and objects: what they answer, and exactly what they cost.</summary>
public sealed class DirectCallTests(ServiceFixture fixture)
{
    private const string Embed = "/api/models/informer-embedding/_embed";
    private const string Image = "/api/models/informer-image/_image";
    private const string Object = "/api/models/go_everyday/_object";

    private static readonly object Person = new
    {
        type = "object",
        properties = new { name = new { type = "string" }, age = new { type = "integer", minimum = 0 } },
        required = new[] { "name", "age" },
        additionalProperties = false,
    };

    private HttpClient Analyst => fixture.Analyst;

    [Fact]
    public async Task Embeddings_are_charged_by_their_tokens_and_near_for_texts_that_are()
    {
        var before = await Analyst.Used();

        var made = await Post(Embed, new { input = new[] { "the red car of my sister", "a red car, my sister's", "quarterly tax law" } });

        var vectors = made.GetProperty("embeddings").EnumerateArray().Select(Vector).ToList();
        Assert.Equal((3, 256, "informer-embedding"), (vectors.Count, made.GetProperty("dimensions").GetInt32(), made.GetProperty("model").GetString()));
        Assert.All(vectors, vector => Assert.Equal(256, vector.Length));
        Assert.True(Nearness(vectors[0], vectors[1]) > Nearness(vectors[0], vectors[2]) + 0.3);
        var tokens = made.GetProperty("usage").GetProperty("inputTokens").GetInt64();
        Assert.InRange(tokens, 10, 30);
        Assert.Equal(tokens * 2 / 1_000_000m, made.GetProperty("credits").GetDecimal());
        await AssertCharged(before, made.GetProperty("credits").GetDecimal());
        Assert.Equal(1, Last($"input_tokens = {tokens} AND output_tokens = 0"));
        Assert.Equal(vectors[0], Vector((await Post(Embed, new { input = "the red car of my sister" })).GetProperty("embeddings")[0]));
    }

    [Fact]
    public async Task Images_are_charged_each()
    {
        var before = await Analyst.Used();

        var made = await Post(Image, new { prompt = "A red car", n = 3, size = "1024x1024" });

        var images = made.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal(3, images.Count);
        Assert.All(images, image => Assert.Equal("image/png", image.GetProperty("mediaType").GetString()));
        Assert.All(images, image => Assert.Equal(0x89, Convert.FromBase64String(image.GetProperty("data").GetString()!)[0]));
        Assert.Equal(12m, made.GetProperty("credits").GetDecimal());
        await AssertCharged(before, 12m);
        Assert.Equal(1, Last("images = 3 AND input_tokens = 0 AND output_tokens = 0 AND raw_usage IS NOT NULL AND estimated = false"));
    }

    [Fact]
    public async Task An_embedding_has_no_output_whatever_output_costs()
    {
        var model = await fixture.Admin.NewModel(new { name = "Embeds", slug = $"embeds-{Guid.CreateVersion7():N}", model = "sim-embedding", createEmbeddings = true, promptPpm = 10, completionPpm = 1_000 });
        var before = await Analyst.Used();

        var made = await Post($"/api/models/{model}/_embed", new { input = "the red car of my sister" });

        await AssertCharged(before, made.GetProperty("usage").GetProperty("inputTokens").GetInt64() * 1_000 / 1_000_000m);
    }

    [Fact]
    public async Task L4_All_images_of_a_call_are_held_before_it_is_made()
    {
        // Four credits each: one fits, and two do not.
        var app = await fixture.Admin.NewApp(budget: 5);
        var (before, since) = (await Analyst.Used(), fixture.Simulator.Log.LastId);

        var refused = await Analyst.PostAsJsonAsync(Image, new { prompt = "A red car", n = 2, entity = app });

        Assert.Equal((HttpStatusCode.PaymentRequired, "ENTITY_BUDGET"), (refused.StatusCode, (await refused.Json()).GetProperty("code").GetString()));
        Assert.Empty(fixture.Simulator.Log.Entries(since));
        await AssertCharged(before, 0);
        await Post(Image, new { prompt = "A red car", n = 1, entity = app });
        await AssertCharged(before, 4);
    }

    [Fact]
    public async Task L4_A_repair_that_cannot_be_held_is_not_tried()
    {
        // A hundred tokens of output are nearly a credit; two tokens and a hundred more are above it.
        var model = await fixture.Admin.NewModel(new { name = "Dear", slug = $"dear-{Guid.CreateVersion7():N}", model = "sim-everyday", chat = true, promptPpm = 0, completionPpm = 99.5, maxOutputTokens = 100 });
        var app = await fixture.Admin.NewApp(budget: 1);
        var (before, since) = (await Analyst.Used(), fixture.Simulator.Log.LastId);

        var answer = await Analyst.PostAsJsonAsync($"/api/models/{model}/_object", new { messages = Says("Who? #sim say=\"{}\""), schema = Person, entity = app });

        Assert.Equal((HttpStatusCode.BadGateway, "SCHEMA_MISMATCH"), (answer.StatusCode, (await answer.Json()).GetProperty("code").GetString()));
        var served = Assert.Single(fixture.Simulator.Log.Entries(since));
        await AssertCharged(before, served.CompletionTokens * 9_950 / 1_000_000m);
    }

    [Fact]
    public async Task An_object_fits_its_schema_and_is_charged_by_its_tokens()
    {
        var before = await Analyst.Used();
        var since = fixture.Simulator.Log.LastId;

        var made = await Post(Object, new { messages = Says("Who?"), schema = Person });

        Assert.Equal(JsonValueKind.String, made.GetProperty("name").ValueKind);
        Assert.True(made.GetProperty("age").GetInt32() >= 0);
        var served = Assert.Single(fixture.Simulator.Log.Entries(since));
        await AssertCharged(before, Cost(served.PromptTokens, served.CompletionTokens));
    }

    [Fact]
    public async Task What_does_not_fit_is_repaired_once_in_the_same_operation()
    {
        var before = await Analyst.Used();
        var since = fixture.Simulator.Log.LastId;
        var events = fixture.Service.Count("SELECT COUNT(*) FROM usage_event");

        var made = await Post(Object, new { messages = Says("Who? #sim say=\"{}\""), schema = Person });

        Assert.True(made.TryGetProperty("age", out _));
        var served = fixture.Simulator.Log.Entries(since);
        Assert.Equal(2, served.Count);
        await AssertCharged(before, Cost(served.Sum(call => call.PromptTokens), served.Sum(call => call.CompletionTokens)));
        Assert.Equal(events + 1, fixture.Service.Count("SELECT COUNT(*) FROM usage_event"));
    }

    [Fact]
    public async Task What_does_not_fit_twice_is_502_and_charged()
    {
        var before = await Analyst.Used();
        var since = fixture.Simulator.Log.LastId;

        var answer = await Analyst.PostAsJsonAsync(Object, new
        {
            messages = Says("Who?"),
            schema = new { type = "object", properties = new { code = new { type = "string", pattern = "^x{200}$" } }, required = new[] { "code" } },
        });

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("SCHEMA_MISMATCH", (await answer.Json()).GetProperty("code").GetString());
        var served = fixture.Simulator.Log.Entries(since);
        Assert.Equal(2, served.Count);
        await AssertCharged(before, Cost(served.Sum(call => call.PromptTokens), served.Sum(call => call.CompletionTokens)));
        Assert.Equal(1, Last("finish_reason = 'error' AND charged > 0"));
    }

    [Theory]
    [InlineData("""{ "type": "nonsense" }""")]
    [InlineData("""{ "$ref": "https://example.invalid/schema.json" }""")]
    [InlineData("""{ "$ref": "#" }""")]
    [InlineData("""{ "anyOf": [{ "$ref": "#/$defs/a" }], "$defs": { "a": { "allOf": [{ "$ref": "#/$defs/a" }] } } }""")]
    [InlineData("""{ "type": "string", "pattern": "(" }""")]
    [InlineData("""{ "type": "string", "pattern": "(a)\\1" }""")]
    [InlineData("""[1]""")]
    [InlineData("null")]
    public async Task A_schema_that_cannot_be_checked_is_refused_before_anything_is_called(string schema)
    {
        var before = await Analyst.Used();
        var since = fixture.Simulator.Log.LastId;

        var answer = await Analyst.PostAsJsonAsync(Object, new { messages = Says("Who?"), schema = JsonDocument.Parse(schema).RootElement });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("schema", (await answer.Json()).GetProperty("validation")[0].GetProperty("path").GetString());
        await AssertCharged(before, 0);
        Assert.Empty(fixture.Simulator.Log.Entries(since));
    }

    [Theory]
    [InlineData("/api/models/go_everyday/_embed", """{ "input": "x" }""")]
    [InlineData("/api/models/go_everyday/_image", """{ "prompt": "x" }""")]
    [InlineData("/api/models/informer-image/_embed", """{ "input": "x" }""")]
    [InlineData("/api/models/informer-embedding/_image", """{ "prompt": "x" }""")]
    [InlineData("/api/models/informer-image/_object", """{ "schema": {}, "messages": [{ "id": "1", "role": "user", "parts": [{ "type": "text", "text": "x" }] }] }""")]
    [InlineData("/api/models/informer-embedding/_chat", """{ "messages": [{ "id": "1", "role": "user", "parts": [{ "type": "text", "text": "x" }] }] }""")]
    public async Task A_model_that_lacks_what_is_asked_of_it_says_so(string path, string body)
    {
        var answer = await Analyst.PostAsJsonAsync(path, JsonDocument.Parse(body).RootElement);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("MODEL_CAPABILITY", (await answer.Json()).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("_embed", "{}", "input")]
    [InlineData("_embed", """{ "input": "" }""", "input")]
    [InlineData("_embed", """{ "input": [] }""", "input")]
    [InlineData("_embed", """{ "input": ["a", 1] }""", "input[1]")]
    [InlineData("_embed", """{ "input": { "a": 1 } }""", "input")]
    [InlineData("_embed", """{ "input": "a", "entity": "x" }""", "entity")]
    [InlineData("_image", "{}", "prompt")]
    [InlineData("_image", """{ "prompt": "a", "n": 0 }""", "n")]
    [InlineData("_image", """{ "prompt": "a", "n": 11 }""", "n")]
    [InlineData("_image", """{ "prompt": "a", "size": "big" }""", "size")]
    [InlineData("_object", """{ "schema": {} }""", "messages")]
    [InlineData("_object", """{ "messages": [{ "id": "1", "role": "user", "parts": [{ "type": "text", "text": "x" }] }] }""", "schema")]
    [InlineData("_object", """{ "schema": {}, "outputSize": "huge", "messages": [{ "id": "1", "role": "user", "parts": [{ "type": "text", "text": "x" }] }] }""", "outputSize")]
    public async Task A_wrong_call_is_refused_and_says_where(string verb, string body, string path)
    {
        var answer = await Analyst.PostAsJsonAsync($"/api/models/informer-embedding/{verb}", JsonDocument.Parse(body).RootElement);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(path, (await answer.Json()).GetProperty("validation")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_text_beyond_the_model_s_window_is_refused()
    {
        var answer = await Analyst.PostAsJsonAsync(Embed, new { input = new[] { "short", string.Concat(Enumerable.Repeat("word ", 9_000)) } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("input[1]", (await answer.Json()).GetProperty("validation")[0].GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("_embed")]
    [InlineData("_image")]
    [InlineData("_object")]
    public async Task A_model_that_is_not_there_is_404_and_nobody_is_401(string verb)
    {
        using var nobody = fixture.Service.Client();
        var body = new { input = "x", prompt = "x", schema = new { }, messages = Says("x") };

        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.PostAsJsonAsync($"/api/models/no-such/{verb}", body)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.PostAsJsonAsync($"/api/models/no-such/{verb}", body)).StatusCode);
    }

    [Theory]
    [InlineData(Embed, "fault=status code=500", "PROVIDER_ERROR")]
    [InlineData(Embed, "fault=status code=429", "PROVIDER_RATE_LIMITED")]
    [InlineData(Embed, "fault=status code=400", "PROVIDER_REJECTED")]
    [InlineData(Embed, "fault=reset-before-headers", "PROVIDER_UNREACHABLE")]
    [InlineData(Embed, "fault=hang-before-headers", "PROVIDER_TIMEOUT")]
    [InlineData(Embed, "fault=error-200", "PROVIDER_ERROR")]
    [InlineData(Embed, "fault=redirect", "PROVIDER_REJECTED")]
    [InlineData(Image, "fault=status code=500", "PROVIDER_ERROR")]
    [InlineData(Image, "fault=hang-before-headers", "PROVIDER_TIMEOUT")]
    [InlineData(Image, "fault=error-200", "PROVIDER_ERROR")]
    [InlineData(Object, "fault=status code=503", "PROVIDER_ERROR")]
    [InlineData(Object, "fault=hang-before-headers", "PROVIDER_TIMEOUT")]
    public async Task L12_A_provider_that_fails_is_502_and_costs_nothing(string path, string directive, string code)
    {
        var before = await Analyst.Used();
        var text = $"Hello #sim {directive}";

        var answer = await Analyst.PostAsJsonAsync(path, new { input = text, prompt = text, messages = Says(text), schema = Person });

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(code, (await answer.Json()).GetProperty("code").GetString());
        await AssertCharged(before, 0);
    }

    [Fact]
    public async Task L13_An_object_that_breaks_off_is_502_and_what_came_is_charged()
    {
        var before = await Analyst.Used();

        var answer = await Analyst.PostAsJsonAsync(Object, new { messages = Says("Hello #sim fault=reset after=4"), schema = Person });

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(1, Last("estimated = true AND output_tokens = 4 AND finish_reason = 'error'"));
        Assert.True((await Analyst.Used()).Month > before.Month);
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
    }

    [Theory]
    [InlineData("usage-missing")]
    [InlineData("usage-negative")]
    [InlineData("usage-huge")]
    public async Task L19_A_report_that_cannot_be_true_is_counted_here(string fault)
    {
        var before = await Analyst.Used();

        var made = await Post(Object, new { messages = Says($"Who? #sim fault={fault}"), schema = Person });

        Assert.True(made.TryGetProperty("name", out _));
        Assert.Equal(1, Last("estimated = true AND input_tokens BETWEEN 1 AND 200 AND output_tokens BETWEEN 1 AND 100"));
        Assert.InRange((await Analyst.Used()).Month - before.Month, 0.0001m, 0.1m);
    }

    [Fact]
    public async Task L19_Embeddings_without_a_report_are_counted_here()
    {
        var made = await Post(Embed, new { input = "Hello there #sim fault=usage-missing" });

        Assert.InRange(made.GetProperty("usage").GetProperty("inputTokens").GetInt32(), 5, 15);
        Assert.Equal(1, Last("estimated = true AND charged > 0"));
    }

    private static object[] Says(string text) => [ServiceCalls.User(text)];

    // The everyday model's prices: 0.10 and 0.40 dollars a million tokens, a hundred credits a dollar.
    private static decimal Cost(long input, long output) => ((input * 10) + (output * 40)) / 1_000_000m;

    private static float[] Vector(JsonElement vector) => [.. vector.EnumerateArray().Select(part => part.GetSingle())];

    private static float Nearness(float[] one, float[] other) => one.Zip(other, (a, b) => a * b).Sum();

    private async Task<JsonElement> Post(string path, object body)
    {
        var answer = await Analyst.PostAsJsonAsync(path, body);
        var json = await answer.Json();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, json.ToString());
        return json;
    }

    private long Last(string condition) =>
        fixture.Service.Count($"SELECT COUNT(*) FROM usage_event WHERE seq = (SELECT MAX(seq) FROM usage_event) AND {condition}");

    private async Task AssertCharged((decimal Month, decimal Pool) before, decimal credits)
    {
        Assert.Equal((before.Month + credits, before.Pool + credits), await Analyst.Used());
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
    }
}
