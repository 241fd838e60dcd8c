using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Informer.Ai.Chats;

public sealed class TurnTests(ServiceFixture fixture)
{
    private HttpClient Analyst => fixture.Analyst;

    [Fact]
    public async Task A_turn_streams_is_kept_and_moves_the_budget_by_exactly_its_credits()
    {
        var chat = await Analyst.NewChat();
        var before = await Analyst.Used();

        var answer = await Analyst.Turn(chat, "Say something #sim tokens=30");
        var (events, text) = await UiStream.ReadAll(answer);
        var finish = events[^1];
        var metadata = finish.Data.GetProperty("messageMetadata");
        var credits = metadata.GetProperty("credits").GetDecimal();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("v1", answer.Headers.GetValues("x-vercel-ai-ui-message-stream").Single());
        Assert.Equal(["start", "start-step", "text-start"], events.Take(3).Select(happened => happened.Type));
        Assert.Equal(["text-end", "finish-step", "finish"], events.TakeLast(3).Select(happened => happened.Type));
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(happened => (int)happened.Id));
        Assert.Equal("stop", finish.Text("finishReason"));
        Assert.Equal(30, metadata.GetProperty("usage").GetProperty("outputTokens").GetInt32());
        Assert.False(metadata.GetProperty("estimated").GetBoolean());
        Assert.True(credits > 0);
        var after = await Analyst.Used();
        Assert.Equal(credits, after.Month - before.Month);
        Assert.Equal(after.Pool, 50_000 - metadata.GetProperty("poolRemaining").GetDecimal());
        Assert.Equal(after.Month, 5_000 - metadata.GetProperty("profileRemaining").GetDecimal());

        var messages = await Analyst.Messages(chat);
        Assert.Equal(["user", "assistant"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(events[0].Text("messageId"), messages[1].GetProperty("id").GetString());
        Assert.Contains(messages[1].GetProperty("parts").EnumerateArray(), part =>
            part.GetProperty("type").GetString() == "text" && part.GetProperty("text").GetString() == text);
        Assert.Equal(credits, messages[1].GetProperty("metadata").GetProperty("credits").GetDecimal());
    }

    [Fact]
    public async Task The_first_delta_arrives_while_the_provider_is_still_writing()
    {
        var chat = await Analyst.NewChat();
        var since = fixture.Simulator.Log.LastId;

        var answer = await Analyst.Turn(chat, "Slowly #sim tokens=20 delay=50");
        await using var events = UiStream.Read(answer).GetAsyncEnumerator();
        do
        {
            Assert.True(await events.MoveNextAsync());
        }
        while (events.Current.Type != "text-delta");

        var upstream = Assert.Single(fixture.Simulator.Log.Entries(since));
        Assert.Equal(Simulator.RequestOutcome.Running, upstream.Outcome);
        Assert.True(upstream.TokensSent < 20);
        while (await events.MoveNextAsync())
        {
            // To the end.
        }
    }

    [Fact]
    public async Task History_goes_with_the_next_turn()
    {
        var chat = await Analyst.NewChat();
        await UiStream.ReadAll(await Analyst.Turn(chat, "First #sim tokens=10"));
        var since = fixture.Simulator.Log.LastId;

        var (first, _) = await UiStream.ReadAll(await Analyst.Turn(chat, "Second #sim tokens=10"));

        var prompt = first[^1].Data.GetProperty("messageMetadata").GetProperty("usage").GetProperty("inputTokens").GetInt32();
        Assert.True(prompt > 25, $"{prompt} prompt tokens");
        Assert.Single(fixture.Simulator.Log.Entries(since));
        Assert.Equal(4, (await Analyst.Messages(chat)).Count);
    }

    [Fact]
    public async Task Of_a_long_history_the_latest_goes_that_the_window_of_the_model_has_room_for()
    {
        const int Window = 600;
        const int OutputMax = 100;
        var model = await fixture.Admin.NewModel(new
        {
            name = "Small",
            slug = $"small-{Guid.CreateVersion7():N}",
            model = "sim-everyday",
            chat = true,
            contextWindow = Window,
            maxOutputTokens = OutputMax,
            promptPpm = 1,
            completionPpm = 1,
        });
        var words = string.Concat(Enumerable.Repeat("word ", 60));
        var past = Enumerable.Range(0, 40).Select(at => new
        {
            id = $"m{at}",
            role = at % 2 == 0 ? "user" : "assistant",
            parts = new[] { new { type = "text", text = $"{at} {words}" } },
        });
        var chat = await Analyst.NewChat(new { modelId = model, name = "Test", messages = past });

        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(chat, "And now? #sim tokens=5"));

        var prompt = events[^1].Data.GetProperty("messageMetadata").GetProperty("usage").GetProperty("inputTokens").GetInt32();
        Assert.InRange(prompt, (Window - OutputMax) / 2, Window - OutputMax);
    }

    [Fact]
    public async Task A_regenerated_answer_replaces_the_old_one()
    {
        var chat = await Analyst.NewChat();
        await UiStream.ReadAll(await Analyst.Turn(chat, "One #sim tokens=10"));
        var old = (await Analyst.Messages(chat))[1].GetProperty("id").GetString();

        var body = new { messages = new[] { ServiceCalls.User("One #sim tokens=10") }, trigger = "regenerate-message", messageId = old };
        var (events, _) = await UiStream.ReadAll(await Analyst.Begin($"/api/chats/{chat}", body));

        var messages = await Analyst.Messages(chat);
        Assert.Equal(["user", "assistant"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.NotEqual(old, messages[1].GetProperty("id").GetString());
        Assert.Equal(events[0].Text("messageId"), messages[1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_second_turn_while_one_runs_is_a_conflict()
    {
        var chat = await Analyst.NewChat();
        var running = await Analyst.Turn(chat, "Wait #sim fault=hang after=2");

        var second = await Analyst.Turn(chat, "Me too");

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal("TURN_IN_PROGRESS", (await second.Json()).GetProperty("code").GetString());
        await Analyst.PostAsJsonAsync($"/api/chats/{chat}/_abort", new { });
        await UiStream.ReadAll(running);
    }

    [Fact]
    public async Task A_chat_is_made_listed_changed_and_deleted()
    {
        var chat = await Analyst.NewChat(new { modelId = "go_everyday", name = "Quarter report", directory = "reports" });
        var path = new Uri($"/api/chats/{chat}", UriKind.Relative);

        var found = await (await Analyst.GetAsync(new Uri("/api/chats?q=quarter&directory=reports", UriKind.Relative))).Json();
        Assert.Equal(chat, found.GetProperty("results")[0].GetProperty("id").GetString());

        var changed = await (await Analyst.PutAsJsonAsync(path, new { pinned = true })).Json();
        Assert.True(changed.GetProperty("pinned").GetBoolean());
        Assert.Equal("Quarter report", changed.GetProperty("name").GetString());

        Assert.Equal(HttpStatusCode.OK, (await Analyst.DeleteAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Analyst.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task A_client_tool_is_called_and_its_result_goes_on_in_the_same_message()
    {
        var chat = await Analyst.NewChat();
        var tools = new { weather = new { description = "The weather", inputSchema = new { type = "object", properties = new { city = new { type = "string" } } } } };

        var (asked, _) = await UiStream.ReadAll(await Analyst.Begin(
            $"/api/chats/{chat}", new { message = ServiceCalls.User("""Weather? #sim tool=weather args={"city":"Bern"}"""), tools }));
        var call = asked.Single(happened => happened.Type == "tool-input-available");
        var message = asked[0].Text("messageId");
        Assert.Equal("tool-calls", asked[^1].Text("finishReason"));
        Assert.Equal("Bern", call.Data.GetProperty("input").GetProperty("city").GetString());

        var answered = new
        {
            id = message,
            role = "assistant",
            parts = new object[]
            {
                new { type = "step-start" },
                new { type = "tool-weather", toolCallId = call.Text("toolCallId"), state = "output-available", input = new { city = "Bern" }, output = new { sky = "blue" } },
            },
        };
        var (gone, _) = await UiStream.ReadAll(await Analyst.Begin($"/api/chats/{chat}", new { messages = new object[] { answered }, tools, messageId = message }));

        Assert.Equal(message, gone[0].Text("messageId"));
        Assert.Equal("start-step", gone[1].Type);
        Assert.Equal("stop", gone[^1].Text("finishReason"));
        var kept = (await Analyst.Messages(chat))[^1];
        Assert.Equal(message, kept.GetProperty("id").GetString());
        Assert.Equal(
            ["step-start", "tool-weather", "step-start", "text"],
            kept.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("type").GetString()));
        Assert.Equal("blue", kept.GetProperty("parts")[1].GetProperty("output").GetProperty("sky").GetString());
    }
}
