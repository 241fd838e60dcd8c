using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Informer.Ai.Chats;

/// <summary>What was said, edited by its owner through HTTP.</summary>
public sealed class MessageTests(ServiceFixture fixture)
{
    private HttpClient Analyst => fixture.Analyst;

    [Fact]
    public async Task A_message_is_added_without_a_turn_and_goes_with_the_next_one()
    {
        var chat = await Analyst.NewChat();
        var since = fixture.Simulator.Log.LastId;

        var note = await Json(await Analyst.PostAsJsonAsync($"/api/chats/{chat}/messages", Say("user", "Note")));
        var wrapped = await Json(await Analyst.PostAsJsonAsync($"/api/chats/{chat}/messages", new { message = Say("assistant", "Noted") }));
        var system = await Json(await Analyst.PostAsJsonAsync($"/api/chats/{chat}/messages", Say("system", "Be kind")));

        Assert.Empty(fixture.Simulator.Log.Entries(since));
        Assert.Equal((chat, "user", "Note"), (Text(note, "chatId"), Text(note, "role"), TextOf(note)));
        Assert.Equal(JsonValueKind.Null, note.GetProperty("metadata").ValueKind);
        Assert.Equal([Text(note, "id"), Text(wrapped, "id"), Text(system, "id")], (await Analyst.Messages(chat)).Select(message => Text(message, "id")));
        var (turn, _) = await UiStream.ReadAll(await Analyst.Turn(chat, "And now? #sim tokens=5"));
        Assert.True(InputTokens(turn) > 25, $"{InputTokens(turn)} prompt tokens");
        Assert.Equal(["user", "assistant", "system", "user", "assistant"], (await Analyst.Messages(chat)).Select(message => Text(message, "role")));
    }

    [Theory]
    [InlineData("""{ "role": "user" }""", "message.parts")]
    [InlineData("""{ "role": "tool", "parts": [{ "type": "text", "text": "x" }] }""", "message.role")]
    [InlineData("""{ "role": "user", "parts": [] }""", "message.parts")]
    [InlineData("""{ "role": "user", "content": "x" }""", "message.content")]
    public async Task A_wrong_message_is_not_added(string json, string path)
    {
        var chat = await Analyst.NewChat();

        var answer = await Analyst.PostAsync(Path($"/api/chats/{chat}/messages"), new StringContent(json, null, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(path, (await answer.Json()).GetProperty("validation")[0].GetProperty("path").GetString());
        Assert.Empty(await Analyst.Messages(chat));
    }

    [Fact]
    public async Task An_edited_question_is_not_answered_anew_and_an_answer_is_rated()
    {
        var chat = await Answered("One #sim tokens=5");
        var since = fixture.Simulator.Log.LastId;
        var (question, answer) = await Pair(chat);

        var edited = await Json(await Put(chat, question, new { parts = new[] { new { type = "text", text = "Two" } } }));
        var rated = await Json(await Put(chat, answer, new { feedback = "down" }));

        Assert.Equal("Two", TextOf(edited));
        Assert.Equal("down", Text(rated, "feedback"));
        Assert.Equal("stop", rated.GetProperty("metadata").GetProperty("finishReason").GetString());
        Assert.Null(Text(await Json(await Put(chat, answer, new { feedback = (string?)null })), "feedback"));
        Assert.Equal("Two", TextOf(await Json(await Put(chat, question, new { }))));
        Assert.Empty(fixture.Simulator.Log.Entries(since));
        foreach (var wrong in new object[] { new { feedback = "great" }, new { parts = "x" }, new { parts = Array.Empty<object>() } })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await Put(chat, question, wrong)).StatusCode);
        }
    }

    [Fact]
    public async Task A_message_is_deleted_alone_or_with_all_after_it()
    {
        var chat = await Answered("One #sim tokens=5", "Two #sim tokens=5");
        var ids = (await Analyst.Messages(chat)).Select(message => Text(message, "id")!).ToList();

        Assert.Equal(HttpStatusCode.OK, (await Analyst.DeleteAsync(Path($"/api/chats/{chat}/messages/{ids[1]}"))).StatusCode);
        Assert.Equal([ids[0], ids[2], ids[3]], (await Analyst.Messages(chat)).Select(message => Text(message, "id")));
        Assert.Equal(HttpStatusCode.OK, (await Analyst.DeleteAsync(Path($"/api/chats/{chat}/messages/{ids[2]}?after=true"))).StatusCode);
        Assert.Equal([ids[0]], (await Analyst.Messages(chat)).Select(message => Text(message, "id")));
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.DeleteAsync(Path($"/api/chats/{chat}/messages/{ids[2]}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.GetAsync(Path($"/api/chats/{chat}/messages/{ids[2]}"))).StatusCode);

        await UiStream.ReadAll(await Analyst.Turn(chat, "Three #sim tokens=5"));
        Assert.Equal(3, (await Analyst.Messages(chat)).Count);
    }

    [Fact]
    public async Task What_is_said_stands_while_the_chat_answers_but_it_can_be_rated()
    {
        var chat = await Answered("One #sim tokens=5");
        var (question, answer) = await Pair(chat);
        var running = await Analyst.Turn(chat, "Wait #sim fault=hang after=2");

        HttpResponseMessage[] refused =
        [
            await Analyst.PostAsJsonAsync($"/api/chats/{chat}/messages", Say("user", "Note")),
            await Put(chat, question, new { parts = new[] { new { type = "text", text = "Two" } } }),
            await Analyst.DeleteAsync(Path($"/api/chats/{chat}/messages/{question}")),
        ];

        foreach (var refusal in refused)
        {
            Assert.Equal(HttpStatusCode.Conflict, refusal.StatusCode);
            Assert.Equal("TURN_IN_PROGRESS", Text(await refusal.Json(), "code"));
        }

        Assert.Equal("up", Text(await Json(await Put(chat, answer, new { feedback = "up" })), "feedback"));
        await Analyst.PostAsJsonAsync($"/api/chats/{chat}/_abort", new { });
        await UiStream.ReadAll(running);
    }

    [Fact]
    public async Task A_fork_has_the_history_up_to_a_message_and_goes_its_own_way()
    {
        var chat = await Answered("One #sim tokens=5", "Two #sim tokens=5");
        var messages = await Analyst.Messages(chat);
        await Analyst.PutAsJsonAsync($"/api/chats/{chat}", new { instructions = "Be brief.", pinned = true });

        var half = await Json(await Analyst.PostAsJsonAsync($"/api/chats/{chat}/_fork", new { messageId = Text(messages[1], "id") }));
        var whole = await Json(await Analyst.PostAsync(Path($"/api/chats/{chat}/_fork"), null));

        Assert.NotEqual(chat, Text(half, "id"));
        Assert.Equal(("Be brief.", false), (Text(half, "instructions"), half.GetProperty("pinned").GetBoolean()));
        Assert.Equal(messages.Take(2).Select(TextOf), (await Analyst.Messages(Text(half, "id")!)).Select(TextOf));
        Assert.Equal(messages.Select(TextOf), (await Analyst.Messages(Text(whole, "id")!)).Select(TextOf));
        await UiStream.ReadAll(await Analyst.Turn(Text(half, "id")!, "Three #sim tokens=5"));
        Assert.Equal((4, 4), ((await Analyst.Messages(Text(half, "id")!)).Count, (await Analyst.Messages(chat)).Count));
        var unknown = await Analyst.PostAsJsonAsync($"/api/chats/{chat}/_fork", new { messageId = Text(half, "id") });
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_fork_of_a_chat_that_answers_has_what_was_said_and_runs_nothing()
    {
        var chat = await Answered("One #sim tokens=5");
        var running = await Analyst.Turn(chat, "Wait #sim fault=hang after=2");
        var since = fixture.Simulator.Log.LastId;

        var fork = await Json(await Analyst.PostAsync(Path($"/api/chats/{chat}/_fork"), null));

        Assert.Equal(JsonValueKind.Null, fork.GetProperty("turn").ValueKind);
        Assert.Equal(["user", "assistant", "user"], (await Analyst.Messages(Text(fork, "id")!)).Select(message => Text(message, "role")));
        Assert.Empty(fixture.Simulator.Log.Entries(since));
        await Analyst.PostAsJsonAsync($"/api/chats/{chat}/_abort", new { });
        await UiStream.ReadAll(running);
    }

    [Fact]
    public async Task A_chat_is_exported_whole_as_json_and_as_markdown()
    {
        var chat = await Answered("One #sim tokens=5");
        for (var more = 0; more < 20; more++)
        {
            await Analyst.PostAsJsonAsync($"/api/chats/{chat}/messages", Say("user", $"Note {more}"));
        }

        var json = await Analyst.GetAsync(Path($"/api/chats/{chat}/_export?format=json"));
        var markdown = await Analyst.GetAsync(Path($"/api/chats/{chat}/_export?format=markdown"));

        var exported = await json.Json();
        Assert.Equal("application/json", json.Content.Headers.ContentType?.MediaType);
        Assert.Equal(chat, Text(exported.GetProperty("chat"), "id"));
        Assert.Equal(
            (await Analyst.Messages(chat)).Select(message => message.ToString()),
            exported.GetProperty("messages").EnumerateArray().Select(message => message.ToString()));
        var text = await markdown.Content.ReadAsStringAsync();
        Assert.Equal("text/markdown", markdown.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("# Test\n\n## User", text, StringComparison.Ordinal);
        Assert.Equal(22, text.Split("\n## ").Length - 1);
        Assert.Contains("Note 19", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Analyst.GetAsync(Path($"/api/chats/{chat}/_export?format=pdf"))).StatusCode);
    }

    [Fact]
    public async Task A_chat_in_which_nothing_was_said_is_exported_too()
    {
        var chat = await Analyst.NewChat();

        var json = await (await Analyst.GetAsync(Path($"/api/chats/{chat}/_export"))).Json();

        Assert.Equal(chat, json.GetProperty("chat").GetProperty("id").GetString());
        Assert.Empty(json.GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task An_answer_is_explained_for_its_own_price_and_nothing_of_it_is_kept()
    {
        var chat = await Answered("One #sim tokens=5");
        var (question, answer) = await Pair(chat);
        var before = await Analyst.Used();

        var (events, text) = await UiStream.ReadAll(await Analyst.Begin($"/api/chats/{chat}/messages/{answer}/_explain", new { }));

        var credits = events[^1].Data.GetProperty("messageMetadata").GetProperty("credits").GetDecimal();
        Assert.Equal("finish", events[^1].Type);
        Assert.Equal(chat, events[0].Data.GetProperty("messageMetadata").GetProperty("chatId").GetString());
        Assert.NotEmpty(text);
        Assert.True(credits > 0);
        Assert.Equal(credits, (await Analyst.Used()).Pool - before.Pool);
        Assert.Equal(2, (await Analyst.Messages(chat)).Count);
        var turn = events[0].Data.GetProperty("messageMetadata").GetProperty("turnId").GetString();
        Assert.Equal(1, fixture.Service.Count($"SELECT COUNT(*) FROM usage_event WHERE hold_id = '{turn}' AND chat_id = '{chat}'"));
        Assert.Equal(HttpStatusCode.BadRequest, (await Analyst.Begin($"/api/chats/{chat}/messages/{question}/_explain", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.Begin($"/api/chats/{chat}/messages/{chat}/_explain", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Analyst.GetAsync(Path($"/api/chats/{await Analyst.NewChat()}/_stream"))).StatusCode);
    }

    [Fact]
    public async Task Deleting_a_chat_aborts_its_answer_and_takes_its_messages()
    {
        var chat = await Analyst.NewChat();
        var running = await Analyst.Turn(chat, "Wait #sim fault=hang after=2", resumable: true);

        Assert.Equal(HttpStatusCode.OK, (await Analyst.DeleteAsync(Path($"/api/chats/{chat}"))).StatusCode);

        var (events, _) = await UiStream.ReadAll(running);
        Assert.Equal("abort", events[^1].Type);
        Assert.Equal(0, fixture.Service.Count($"SELECT COUNT(*) FROM message WHERE chat_id = '{chat}'"));
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.GetAsync(Path($"/api/chats/{chat}/messages"))).StatusCode);
    }

    [Theory]
    [InlineData("limit=1&offset=1", HttpStatusCode.OK)]
    [InlineData("q=x&pinned=false", HttpStatusCode.OK)]
    [InlineData("limit=-1", HttpStatusCode.BadRequest)]
    [InlineData("offset=x", HttpStatusCode.BadRequest)]
    [InlineData("limit=201", HttpStatusCode.BadRequest)]
    [InlineData("pinned=perhaps", HttpStatusCode.BadRequest)]
    public async Task A_list_is_paged_and_filtered(string query, HttpStatusCode status)
    {
        var answer = await Analyst.GetAsync(Path($"/api/chats?{query}"));

        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.OK)
        {
            var page = await answer.Json();
            Assert.True(page.GetProperty("results").GetArrayLength() <= page.GetProperty("limit").GetInt32());
        }
    }

    private async Task<string> Answered(params string[] questions)
    {
        var chat = await Analyst.NewChat();
        foreach (var question in questions)
        {
            await UiStream.ReadAll(await Analyst.Turn(chat, question));
        }

        return chat;
    }

    private async Task<(string Question, string Answer)> Pair(string chat)
    {
        var messages = await Analyst.Messages(chat);
        return (Text(messages[0], "id")!, Text(messages[1], "id")!);
    }

    private Task<HttpResponseMessage> Put(string chat, string message, object body) =>
        Analyst.PutAsJsonAsync($"/api/chats/{chat}/messages/{message}", body);

    private static object Say(string role, string text) => new { role, parts = new[] { new { type = "text", text } } };

    private static Uri Path(string path) => new(path, UriKind.Relative);

    private static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Json();
    }

    private static string? Text(JsonElement owner, string name) => owner.GetProperty(name).GetString();

    private static string TextOf(JsonElement message) => string.Concat(message.GetProperty("parts").EnumerateArray()
        .Where(part => part.GetProperty("type").GetString() == "text")
        .Select(part => part.GetProperty("text").GetString()));

    private static int InputTokens(List<UiEvent> turn) =>
        turn[^1].Data.GetProperty("messageMetadata").GetProperty("usage").GetProperty("inputTokens").GetInt32();
}
