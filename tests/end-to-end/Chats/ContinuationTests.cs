using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Informer.Ai.Chats;

/// <summary>Answers that go on after a tool, are left and asked anew, and questions that are asked anew.</summary>
public sealed class ContinuationTests(ServiceFixture fixture)
{
    private static readonly object Tools = new
    {
        weather = new { description = "The weather", inputSchema = new { type = "object", properties = new { city = new { type = "string" } } } },
    };

    private HttpClient Analyst => fixture.Analyst;

    [Fact]
    public async Task An_answer_of_two_calls_tells_what_they_cost_together()
    {
        var chat = await Analyst.NewChat();
        var before = await Analyst.Used();
        var (message, call, first) = await Ask(chat, """Weather? #sim tool=weather args={"city":"Bern"}""");
        await Analyst.PutAsJsonAsync($"/api/chats/{chat}/messages/{message}", new { feedback = "up" });

        var (second, _) = await UiStream.ReadAll(await Answer(chat, message, call, Output(call)));

        var kept = (await Analyst.Messages(chat))[^1];
        var metadata = kept.GetProperty("metadata");
        Assert.Equal(Credits(first) + Credits(second), metadata.GetProperty("credits").GetDecimal());
        Assert.Equal((await Analyst.Used()).Pool - before.Pool, metadata.GetProperty("credits").GetDecimal());
        Assert.Equal(
            Usage(first, "inputTokens") + Usage(second, "inputTokens"), metadata.GetProperty("usage").GetProperty("inputTokens").GetInt32());
        Assert.Equal("stop", metadata.GetProperty("finishReason").GetString());
        Assert.Equal("up", kept.GetProperty("feedback").GetString());
    }

    [Fact]
    public async Task Who_joins_an_answer_that_goes_on_gets_the_whole_message_and_does_not_find_it_among_the_messages()
    {
        var chat = await Analyst.NewChat();
        var (message, call, first) = await Ask(chat, """Weather? #sim tool=weather args={"city":"Bern"} delay=20""");
        var running = await Answer(chat, message, call, Output(call), resumable: true);

        var kept = await Analyst.Messages(chat);
        var (joined, _) = await UiStream.ReadAll(await Join(chat, null));
        var (own, _) = await UiStream.ReadAll(running);
        var (rest, _) = await UiStream.ReadAll(await Join(chat, 2));

        Assert.Equal("user", Assert.Single(kept).GetProperty("role").GetString());
        Assert.Equal(
            ["start", "start-step", "tool-input-available", "tool-output-available", "finish-step", "start-step"],
            joined.Take(6).Select(happened => happened.Type));
        Assert.Equal(message, joined[0].Text("messageId"));
        Assert.Equal("blue", joined[3].Data.GetProperty("output").GetProperty("sky").GetString());
        Assert.Equal(own.Skip(1).Select(Line), joined.Skip(5).Select(Line));
        Assert.Equal(own.Skip(2).Select(Line), rest.Select(Line));
        Assert.Equal(2, (await Analyst.Messages(chat)).Count);
        Assert.Equal("tool-calls", first[^1].Text("finishReason"));
    }

    [Fact]
    public async Task A_call_that_the_user_does_not_allow_goes_on_without_a_result()
    {
        var chat = await Analyst.NewChat();
        var (message, call, _) = await Ask(chat, """Weather? #sim tool=weather args={"city":"Bern"}""");
        var refused = new { type = "tool-weather", toolCallId = call, state = "approval-responded", input = new { }, approval = new { id = "a1", approved = false, reason = "Private" } };

        var (gone, _) = await UiStream.ReadAll(await Answer(chat, message, call, refused));

        Assert.Equal(["start", "tool-output-denied", "start-step"], gone.Take(3).Select(happened => happened.Type));
        Assert.Equal("finish", gone[^1].Type);
        var part = (await Analyst.Messages(chat))[^1].GetProperty("parts")[1];
        Assert.Equal("output-denied", part.GetProperty("state").GetString());
        Assert.Equal("Private", part.GetProperty("approval").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_call_that_waits_for_approval_passes_through_a_history()
    {
        var waiting = new { type = "tool-weather", toolCallId = "c1", state = "approval-requested", input = new { city = "Bern" }, approval = new { id = "a1" } };
        var messages = new object[] { ServiceCalls.User("Weather?"), new { id = "m1", role = "assistant", parts = new object[] { new { type = "step-start" }, waiting } } };

        var chat = await Analyst.NewChat(new { modelId = "go_everyday", name = "Test", messages });
        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(chat, "Never mind #sim tokens=5"));

        Assert.Equal("stop", events[^1].Text("finishReason"));
        Assert.Equal("approval-requested", (await Analyst.Messages(chat))[1].GetProperty("parts")[1].GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_client_that_leaves_an_answer_and_asks_again_at_once_is_not_refused()
    {
        var chat = await Analyst.NewChat();
        for (var round = 0; round < 5; round++)
        {
            using var leave = new CancellationTokenSource();
            var left = await Analyst.Turn(chat, "Go on #sim fault=hang after=3", cancellation: leave.Token);
            await leave.CancelAsync();
            left.Dispose();

            var again = await Analyst.Turn(chat, "Something else #sim tokens=5");

            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
            Assert.Equal("finish", (await UiStream.ReadAll(again)).Events[^1].Type);
        }
    }

    [Fact]
    public async Task A_turn_after_an_answered_abort_is_not_refused()
    {
        var chat = await Analyst.NewChat();
        for (var round = 0; round < 5; round++)
        {
            var running = await Analyst.Turn(chat, "Go on #sim fault=hang after=3", resumable: true);
            (await Analyst.PostAsJsonAsync($"/api/chats/{chat}/_abort", new { })).EnsureSuccessStatusCode();

            var again = await Analyst.Turn(chat, "Something else #sim tokens=5");

            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
            await UiStream.ReadAll(again);
            running.Dispose();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_edited_question_takes_the_place_of_the_old_one_and_all_after_it(bool byClientId)
    {
        var chat = await Analyst.NewChat();
        await UiStream.ReadAll(await Analyst.Turn(chat, "Zero #sim tokens=5"));
        var one = new { id = "q-one", role = "user", parts = new[] { new { type = "text", text = "One #sim tokens=5" } } };
        await UiStream.ReadAll(await Analyst.Begin($"/api/chats/{chat}", new { message = one }));
        await UiStream.ReadAll(await Analyst.Turn(chat, "Two #sim tokens=5"));
        var before = await Analyst.Messages(chat);
        var name = byClientId ? "q-one" : before[2].GetProperty("id").GetString();

        var edited = new { id = name, role = "user", parts = new[] { new { type = "text", text = "Another #sim tokens=6" } } };
        var (events, _) = await UiStream.ReadAll(await Analyst.Begin(
            $"/api/chats/{chat}", new { messages = new[] { edited }, trigger = "submit-message", messageId = name }));

        var after = await Analyst.Messages(chat);
        Assert.Equal(4, after.Count);
        Assert.Equal(before.Take(2).Select(message => message.ToString()), after.Take(2).Select(message => message.ToString()));
        Assert.Equal(before[2].GetProperty("id").GetString(), after[2].GetProperty("id").GetString());
        Assert.StartsWith("Another", after[2].GetProperty("parts")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(events[0].Text("messageId"), after[3].GetProperty("id").GetString());
    }

    private async Task<(string Message, string Call, List<UiEvent> Events)> Ask(string chat, string text)
    {
        var (events, _) = await UiStream.ReadAll(await Analyst.Begin($"/api/chats/{chat}", new { message = ServiceCalls.User(text), tools = Tools }));
        return (events[0].Text("messageId")!, events.Single(happened => happened.Type == "tool-input-available").Text("toolCallId")!, events);
    }

    private Task<HttpResponseMessage> Answer(string chat, string message, string call, object part, bool resumable = false) => Analyst.Begin(
        $"/api/chats/{chat}",
        new
        {
            messages = new object[] { new { id = message, role = "assistant", parts = new[] { new { type = "step-start" }, part } } },
            tools = Tools,
            messageId = message,
            resumable,
        });

    private static object Output(string call) =>
        new { type = "tool-weather", toolCallId = call, state = "output-available", input = new { city = "Bern" }, output = new { sky = "blue" } };

    private async Task<HttpResponseMessage> Join(string chat, long? after)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chats/{chat}/_stream");
        if (after is { } seq)
        {
            request.Headers.Add("Last-Event-ID", seq.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return await Analyst.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    // An event without an id keeps the last one for the reader.
    private static string Line(UiEvent happened) => $"{happened.Id} {happened.Data}";

    private static JsonElement Metadata(List<UiEvent> turn) => turn[^1].Data.GetProperty("messageMetadata");

    private static decimal Credits(List<UiEvent> turn) => Metadata(turn).GetProperty("credits").GetDecimal();

    private static int Usage(List<UiEvent> turn, string kind) => Metadata(turn).GetProperty("usage").GetProperty(kind).GetInt32();
}
