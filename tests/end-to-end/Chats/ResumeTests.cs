using System.Net;
using System.Net.Http.Json;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Chats;

public sealed class ResumeTests(ServiceFixture fixture)
{
    private HttpClient Analyst => fixture.Analyst;

    [Fact]
    public async Task A_resumable_turn_outlives_its_connection_and_is_charged_once()
    {
        var chat = await Analyst.NewChat();
        var since = fixture.Simulator.Log.LastId;
        var before = (await Analyst.Used()).Pool;

        List<UiEvent> first = [];
        var answer = await Analyst.Turn(chat, "Go on #sim tokens=60 delay=30", resumable: true);
        await foreach (var happened in UiStream.Read(answer))
        {
            first.Add(happened);
            if (first.Count == 8)
            {
                break;
            }
        }

        answer.Dispose();
        var fromStart = Join(chat, null);
        var fromThere = Join(chat, first[^1].Id);
        var (all, text) = await fromStart;
        var (rest, _) = await fromThere;

        Assert.Equal(first.Select(Line), all.Take(first.Count).Select(Line));
        Assert.Equal(all.Skip(first.Count).Select(Line), rest.Select(Line));
        Assert.Equal("finish", all[^1].Type);
        var upstream = Assert.Single(fixture.Simulator.Log.Entries(since));
        Assert.Equal(RequestOutcome.Completed, upstream.Outcome);
        var credits = all[^1].Data.GetProperty("messageMetadata").GetProperty("credits").GetDecimal();
        Assert.Equal(credits, (await Analyst.Used()).Pool - before);
        Assert.Contains(text, (await Analyst.Messages(chat))[^1].GetProperty("parts").ToString());

        // An ended turn can still be read for a while.
        var (late, _) = await Join(chat, null);
        Assert.Equal(all.Select(Line), late.Select(Line));
    }

    [Fact]
    public async Task Nothing_to_join_is_204()
    {
        var chat = await Analyst.NewChat();

        var answer = await Analyst.GetAsync(new Uri($"/api/chats/{chat}/_stream", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Fact]
    public async Task The_answer_in_flight_is_not_among_the_messages()
    {
        var chat = await Analyst.NewChat();
        var running = await Analyst.Turn(chat, "Wait #sim fault=hang after=3", resumable: true);

        var messages = await Analyst.Messages(chat);

        Assert.Equal("user", Assert.Single(messages).GetProperty("role").GetString());
        await Analyst.PostAsJsonAsync($"/api/chats/{chat}/_abort", new { });
        await UiStream.ReadAll(running);
    }

    private static string Line(UiEvent happened) => $"{happened.Id} {happened.Data}";

    private async Task<(List<UiEvent> Events, string Text)> Join(string chat, long? after)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chats/{chat}/_stream");
        if (after is { } seq)
        {
            request.Headers.Add("Last-Event-ID", seq.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        var answer = await Analyst.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await UiStream.ReadAll(answer);
    }
}
