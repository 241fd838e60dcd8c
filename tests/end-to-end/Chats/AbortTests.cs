using System.Net.Http.Json;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Chats;

public sealed class AbortTests(ServiceFixture fixture)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private HttpClient Analyst => fixture.Analyst;

    [Theory]
    [InlineData("chat")]
    [InlineData("direct")]
    public async Task L13_a_client_that_leaves_cuts_the_provider_within_a_second_and_pays_for_what_was_served(string route)
    {
        var chat = route == "chat" ? await Analyst.NewChat() : null;
        var since = fixture.Simulator.Log.LastId;
        var before = (await Analyst.Used()).Pool;
        var settled = fixture.Service.Count("SELECT COUNT(*) FROM usage_event");
        const string Ask = "Go on #sim tokens=2000 delay=20";

        using (var leave = new CancellationTokenSource())
        {
            var answer = chat is not null
                ? await Analyst.Turn(chat, Ask, cancellation: leave.Token)
                : await Analyst.Begin("/api/models/go_everyday/_completion", new { prompt = Ask }, leave.Token);
            await using var events = UiStream.Read(answer, leave.Token).GetAsyncEnumerator(leave.Token);
            for (var seen = 0; seen < 10; seen++)
            {
                await events.MoveNextAsync();
            }

            answer.Dispose();
        }

        var left = TimeProvider.System.GetTimestamp();
        using var patience = new CancellationTokenSource(Soon);
        var upstream = await fixture.Simulator.Log.WaitAsync(served => served.Id > since && served.Outcome == RequestOutcome.Cut, patience.Token);
        Assert.True(TimeProvider.System.GetElapsedTime(left) < TimeSpan.FromSeconds(1), "the provider was cut late");
        Assert.True(upstream.TokensSent < 200);

        await ServiceCalls.Eventually(() => Task.FromResult(fixture.Service.Count("SELECT COUNT(*) FROM usage_event") == settled + 1), Soon);
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
        Assert.True((await Analyst.Used()).Pool > before);
        if (chat is not null)
        {
            var answer = (await Analyst.Messages(chat))[^1];
            Assert.Equal("abort", answer.GetProperty("metadata").GetProperty("finishReason").GetString());
            Assert.True(answer.GetProperty("metadata").GetProperty("estimated").GetBoolean());
        }
    }

    [Fact]
    public async Task An_abort_from_another_connection_ends_the_stream_with_an_abort_event()
    {
        var chat = await Analyst.NewChat();
        var running = await Analyst.Turn(chat, "Go on #sim fault=hang after=3");
        await using var events = UiStream.Read(running).GetAsyncEnumerator();
        while (events.Current?.Type != "text-delta")
        {
            await events.MoveNextAsync();
        }

        var aborted = await Analyst.PostAsJsonAsync($"/api/chats/{chat}/_abort", new { });
        aborted.EnsureSuccessStatusCode();
        List<string> rest = [];
        while (await events.MoveNextAsync())
        {
            rest.Add(events.Current.Type);
        }

        Assert.Equal(["text-end", "finish-step", "abort"], rest.Where(type => type != "text-delta"));
        Assert.Equal("abort", (await Analyst.Messages(chat))[^1].GetProperty("metadata").GetProperty("finishReason").GetString());
        (await Analyst.PostAsJsonAsync($"/api/chats/{chat}/_abort", new { })).EnsureSuccessStatusCode();
    }
}
