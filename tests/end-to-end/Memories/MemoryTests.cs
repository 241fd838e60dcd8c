using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Informer.Ai.Memories;

public sealed class MemoryTests(MemoryService service) : IClassFixture<MemoryService>
{
    private HttpClient Analyst => service.Analyst;

    private HttpClient Admin => service.Admin;

    [Fact]
    public async Task A_memory_is_made_read_listed_changed_and_deleted_and_each_embedding_is_charged()
    {
        var (chat, messages) = await Analyst.Conversation("We fly to Lisbon in October", "Noted", "Book a hotel there");
        var before = await Analyst.Used();

        var answer = await Analyst.Remember(chat, [messages[2], messages[0]], "The user flies to Lisbon in October");
        var made = await answer.Json();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((chat, "The user flies to Lisbon in October", "user_created"), (made.Text("chatId"), made.Text("summary"), made.Text("reason")));
        Assert.Equal(2, made.GetProperty("messageCount").GetInt32());
        Assert.Equal([messages[0], messages[2]], made.GetProperty("messageIds").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal($"/api/chats/{chat}/memories/{made.Id()}", made.GetProperty("_links").GetProperty("self").GetProperty("href").GetString());
        Assert.EndsWith("Z", made.Text("createdAt"), StringComparison.Ordinal);

        var path = MemoryCallsOfTests.Path($"/api/chats/{chat}/memories/{made.Id()}");
        Assert.Equal(made.GetRawText(), (await (await Analyst.GetAsync(path)).Json()).GetRawText());
        Assert.Equal(made.GetRawText(), Assert.Single(await Analyst.Memories(chat)).GetRawText());

        var changed = await (await Analyst.PutAsJsonAsync(path, new { summary = "The user flies to Porto" })).Json();
        Assert.Equal((made.Id(), "The user flies to Porto"), (changed.Id(), changed.Text("summary")));
        Assert.True(changed.GetProperty("updatedAt").GetDateTimeOffset() > changed.GetProperty("createdAt").GetDateTimeOffset());
        Assert.Equal(HttpStatusCode.OK, (await Analyst.PutAsJsonAsync(path, new { summary = "The user flies to Porto" })).StatusCode);

        Assert.Equal(2, service.Service.Count($"SELECT COUNT(*) FROM usage_event WHERE chat_id = '{chat}' AND model_id = 'informer-embedding' AND charged > 0"));
        var charged = service.Service.Count($"SELECT SUM(charged) FROM usage_event WHERE chat_id = '{chat}'");
        Assert.Equal(charged / 1_000_000m, (await Analyst.Used()).Month - before.Month);

        Assert.True((await (await Analyst.DeleteAsync(path)).Json()).GetProperty("success").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.DeleteAsync(path)).StatusCode);
        Assert.Empty(await Analyst.Memories(chat));
    }

    [Fact]
    public async Task Without_a_summary_the_everyday_model_writes_one_and_both_calls_have_an_event()
    {
        var (chat, messages) = await Analyst.Conversation("""My dog is called Bello #sim say="The user has a dog called Bello." """, "A fine name");

        var made = await (await Analyst.Remember(chat, messages)).Json();

        Assert.Equal("The user has a dog called Bello.", made.Text("summary"));
        var events = $"FROM usage_event WHERE chat_id = '{chat}' AND charged > 0 AND kind = 'settled'";
        Assert.Equal(1, service.Service.Count($"SELECT COUNT(*) {events} AND model_id = 'everyday' AND parent_id IS NULL"));
        Assert.Equal(1, service.Service.Count(
            $"SELECT COUNT(*) {events} AND model_id = 'informer-embedding' AND parent_id = (SELECT hold_id {events} AND model_id = 'everyday')"));
        Assert.Equal(0, service.Service.Count("SELECT COUNT(*) FROM credit_hold"));
    }

    [Fact]
    public async Task Memories_are_found_by_meaning_in_one_chat_and_in_all()
    {
        var (garden, first) = await Analyst.Conversation("tomatoes");
        var (car, second) = await Analyst.Conversation("brakes");
        var tomatoes = (await (await Analyst.Remember(garden, first, "How to water tomatoes in a hot summer")).Json()).Id();
        var roses = (await (await Analyst.Remember(garden, first, "When to cut roses")).Json()).Id();
        var brakes = (await (await Analyst.Remember(car, second, "Replacing the brakes of the car")).Json()).Id();

        async Task<string[]> Find(string query, string? chat = null, float minScore = -1, int limit = 50) =>
            [.. MemoryCallsOfTests.Embedded(await (await Analyst.Search(query, chat, limit, minScore)).Json()).Select(hit => hit.GetProperty("memory").Id())];

        Assert.Equal(tomatoes, (await Find("watering tomatoes during a hot summer"))[0]);
        Assert.Equal(brakes, (await Find("car brakes replaced"))[0]);
        Assert.Equal([tomatoes, roses], (await Find("watering tomatoes", garden)));
        Assert.Equal([brakes], await Find("watering tomatoes", car));
        Assert.Equal([tomatoes], await Find("water tomatoes hot summer", garden, minScore: 0.5f));
        Assert.Single(await Find("tomatoes", garden, limit: 1));

        var page = await (await Analyst.Search("watering tomatoes", garden, minScore: -1)).Json();
        var scores = MemoryCallsOfTests.Embedded(page).Select(hit => hit.GetProperty("score").GetSingle()).ToList();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal((0, 2, 2), (page.GetProperty("start").GetInt32(), page.GetProperty("count").GetInt32(), page.GetProperty("total").GetInt32()));
    }

    [Theory]
    [InlineData("POST", "", "{}", "messageIds")]
    [InlineData("POST", "", """{"messageIds":[]}""", "messageIds")]
    [InlineData("POST", "", """{"messageIds":"m"}""", "messageIds")]
    [InlineData("POST", "", """{"messageIds":["m"],"summary":""}""", "summary")]
    [InlineData("POST", "", """{"messageIds":["m"],"summary":5}""", "summary")]
    [InlineData("POST", "", """{"messageIds":["m"],"reason":"because"}""", "reason")]
    [InlineData("POST", "", """{"messageIds":["m"],"entity":5}""", "entity")]
    [InlineData("PUT", "/m", "{}", "summary")]
    [InlineData("PUT", "/m", """{"summary":null}""", "summary")]
    [InlineData("POST", "/_search", "{}", "query")]
    [InlineData("POST", "/_search", """{"query":""}""", "query")]
    [InlineData("POST", "/_search", """{"query":"q","limit":51}""", "limit")]
    [InlineData("POST", "/_search", """{"query":"q","limit":-1}""", "limit")]
    [InlineData("POST", "/_search", """{"query":"q","minScore":2}""", "minScore")]
    [InlineData("POST", "/_search", """{"query":"q","minScore":"high"}""", "minScore")]
    public async Task What_makes_no_sense_is_refused_with_its_field(string method, string path, string body, string field)
    {
        var (chat, _) = await Analyst.Conversation("Hello");

        foreach (var address in path == "/_search" ? new[] { $"/api/chats/{chat}/memories{path}", "/api/memories/_search" } : [$"/api/chats/{chat}/memories{path}"])
        {
            var answer = await Send(Analyst, method, address, body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(field, (await answer.Json()).GetProperty("validation")[0].Text("path"));
        }
    }

    [Fact]
    public async Task What_is_not_there_or_another_users_is_not_found_and_nothing_of_it_is_seen_or_changed()
    {
        var (chat, messages) = await Analyst.Conversation("A secret: the canary sings at dawn");
        var memory = (await (await Analyst.Remember(chat, messages, "The canary sings at dawn")).Json()).Id();
        var (mine, ours) = await Admin.Conversation("Of the administrator");
        var never = new string('0', 31) + "1";
        var since = service.Simulator.Log.LastId;

        (string Method, string Theirs, string NeverWas, string? Body)[] calls =
        [
            ("GET", $"/api/chats/{chat}/memories", $"/api/chats/{never}/memories", null),
            ("GET", $"/api/chats/{chat}/memories/{memory}", $"/api/chats/{never}/memories/{never}", null),
            ("GET", $"/api/chats/{mine}/memories/{memory}", $"/api/chats/{mine}/memories/{never}", null),
            ("PUT", $"/api/chats/{chat}/memories/{memory}", $"/api/chats/{never}/memories/{never}", """{"summary":"stolen"}"""),
            ("PUT", $"/api/chats/{mine}/memories/{memory}", $"/api/chats/{mine}/memories/{never}", """{"summary":"stolen"}"""),
            ("DELETE", $"/api/chats/{chat}/memories/{memory}", $"/api/chats/{never}/memories/{never}", null),
            ("DELETE", $"/api/chats/{mine}/memories/{memory}", $"/api/chats/{mine}/memories/{never}", null),
            ("POST", $"/api/chats/{chat}/memories", $"/api/chats/{never}/memories", JsonSerializer.Serialize(new { messageIds = messages, summary = "s" })),
            ("POST", $"/api/chats/{chat}/memories/_search", $"/api/chats/{never}/memories/_search", """{"query":"canary"}"""),
        ];
        foreach (var (method, theirs, neverWas, body) in calls)
        {
            var (their, unknown) = (await Send(Admin, method, theirs, body), await Send(Admin, method, neverWas, body));
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (their.StatusCode, unknown.StatusCode));
            Assert.Equal((await unknown.Json()).Text("message"), (await their.Json()).Text("message"));
        }

        foreach (var ids in new string[][] { messages, [never], ["no id"], [.. ours, .. messages] })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Admin.Remember(mine, ids, "s")).StatusCode);
        }

        Assert.Empty(service.Simulator.Log.Entries(since));
        var found = await (await Admin.Search("The canary sings at dawn", minScore: -1, limit: 50)).Content.ReadAsStringAsync();
        Assert.DoesNotContain("sings", found, StringComparison.Ordinal);
        Assert.Equal("The canary sings at dawn", Assert.Single(await Analyst.Memories(chat)).Text("summary"));
    }

    [Fact]
    public async Task A_refused_call_reaches_no_provider_and_keeps_nothing()
    {
        var (chat, messages) = await Analyst.Conversation("Hello");
        (await Admin.PutAsJsonAsync("/api/usage-budgets/app/frugal", new { monthlyBudget = 0 })).EnsureSuccessStatusCode();
        var entity = new { type = "app", id = "frugal" };
        var memory = (await (await Analyst.Remember(chat, messages, "Kept")).Json()).Id();
        var since = service.Simulator.Log.LastId;

        HttpResponseMessage[] answers =
        [
            await Analyst.Remember(chat, messages, "Refused", entity),
            await Analyst.Remember(chat, messages, null, entity),
            await Analyst.PutAsJsonAsync($"/api/chats/{chat}/memories/{memory}", new { summary = "Refused", entity }),
            await Analyst.PostAsJsonAsync($"/api/chats/{chat}/memories/_search", new { query = "q", entity }),
            await Analyst.PostAsJsonAsync("/api/memories/_search", new { query = "q", entity }),
        ];

        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
            Assert.Equal("ENTITY_BUDGET", (await answer.Json()).Text("code"));
        }

        Assert.Empty(service.Simulator.Log.Entries(since));
        Assert.Equal("Kept", Assert.Single(await Analyst.Memories(chat)).Text("summary"));
        Assert.Equal(0, service.Service.Count("SELECT COUNT(*) FROM credit_hold"));
    }

    [Fact]
    public async Task L12_A_failing_provider_is_told_and_charges_nothing()
    {
        var (chat, messages) = await Analyst.Conversation("Hello #sim fault=status code=503");
        const string Failing = "Hello #sim fault=status code=503";

        HttpResponseMessage[] answers =
        [
            await Analyst.Remember(chat, messages, Failing), await Analyst.Remember(chat, messages), await Analyst.Search(Failing), await Analyst.Search(Failing, chat),
        ];

        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            Assert.Equal("PROVIDER_ERROR", (await answer.Json()).Text("code"));
        }

        Assert.Empty(await Analyst.Memories(chat));
        Assert.Equal(0, service.Service.Count($"SELECT COALESCE(SUM(charged), 0) FROM usage_event WHERE chat_id = '{chat}'"));
        Assert.Equal(0, service.Service.Count("SELECT COUNT(*) FROM credit_hold"));
    }

    [Fact]
    public async Task A_summary_that_was_paid_for_is_kept_when_its_embedding_fails_and_is_found_later()
    {
        var (chat, messages) = await Analyst.Conversation("""Hi #sim on=chat say="The zeppelin lands on Monday #sim on=embeddings fault=status times=1" """);

        var made = await (await Analyst.Remember(chat, messages)).Json();
        Assert.StartsWith("The zeppelin lands on Monday", made.Text("summary"), StringComparison.Ordinal);
        Assert.Equal(1, service.Service.Count($"SELECT COUNT(*) FROM memory WHERE id = '{made.Id()}' AND embedding IS NULL"));

        await ServiceCalls.Eventually(
            async () => MemoryCallsOfTests.Embedded(await (await Analyst.Search("zeppelin lands", chat)).Json()).Count == 1, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Only_those_who_may_use_AI_reach_memories()
    {
        var (chat, _) = await Analyst.Conversation("Hello");
        using var nobody = service.Service.Client();
        using var operating = service.Service.ClientOf("operator");
        foreach (var (method, path) in new[]
        {
            ("GET", $"/api/chats/{chat}/memories"), ("GET", $"/api/chats/{chat}/memories/m"), ("POST", $"/api/chats/{chat}/memories"),
            ("PUT", $"/api/chats/{chat}/memories/m"), ("DELETE", $"/api/chats/{chat}/memories/m"),
            ("POST", $"/api/chats/{chat}/memories/_search"), ("POST", "/api/memories/_search"),
        })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Send(nobody, method, path, "{}")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await Send(operating, method, path, "{}")).StatusCode);
        }
    }

    [Fact]
    public async Task A_deleted_chat_takes_its_memories_with_it()
    {
        var (chat, messages) = await Analyst.Conversation("Hello");
        await Analyst.Remember(chat, messages, "The unicorn grazes behind the barn");

        (await Analyst.DeleteAsync(MemoryCallsOfTests.Path($"/api/chats/{chat}"))).EnsureSuccessStatusCode();

        Assert.Equal(0, service.Service.Count($"SELECT COUNT(*) FROM memory WHERE chat_id = '{chat}'"));
        Assert.DoesNotContain("unicorn", await (await Analyst.Search("unicorn behind the barn", limit: 50)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.GetAsync(MemoryCallsOfTests.Path($"/api/chats/{chat}/memories"))).StatusCode);
    }

    private static Task<HttpResponseMessage> Send(HttpClient client, string method, string path, string? body) => client.SendAsync(
        new HttpRequestMessage(new HttpMethod(method), MemoryCallsOfTests.Path(path))
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        });
}
