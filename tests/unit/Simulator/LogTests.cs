using System.Text.Json;
using Informer.Ai.Simulator;
using OpenAI.Chat;

namespace Informer.Ai.Tests.Unit.Simulator;

[Collection(SimulatorCollection.Name)]
public sealed class LogTests(SimulatorFixture simulator)
{
    [Fact]
    public async Task A_whole_answer_is_logged_as_completed()
    {
        var since = simulator.Server.Log.LastId;
        var options = new ChatCompletionOptions { EndUserId = "user-7", Metadata = { ["turn"] = "t-1" }, StoredOutputEnabled = true };
        ChatCompletion answer = await simulator.Chat.CompleteChatAsync([new UserChatMessage("#sim tokens=9 reasoning=4")], options);

        var request = await simulator.EndAsync(since);
        Assert.Equal((RequestOutcome.Completed, "sim-everyday", 200), (request.Outcome, request.Model, request.Status));
        Assert.Equal((9, 13, answer.Usage.InputTokenCount), (request.TokensSent, request.CompletionTokens, request.PromptTokens));
        Assert.Equal(("user-7", "t-1", null), (request.User, request.Metadata!["turn"], request.ClientRequestId));
        Assert.Equal("chatcmpl-" + request.ResponseId, answer.Id);
        Assert.NotNull(request.TimeToHeaders);
        Assert.Null(request.Fault);
    }

    [Fact]
    public async Task A_client_that_leaves_is_logged_as_cut()
    {
        var since = simulator.Server.Log.LastId;
        using (await simulator.AskAsync("#sim tokens=100000 delay=1"))
        {
            await simulator.Server.Log.WaitAsync(request => request.Id > since && request.TokensSent >= 3, SimulatorFixture.Patience);
        }

        var request = await simulator.EndAsync(since);
        Assert.Equal(RequestOutcome.Cut, request.Outcome);
        Assert.InRange(request.TokensSent, 3, 1_000);
        Assert.Equal(request.StartedAt + request.Duration, request.EndedAt);
    }

    [Fact]
    public async Task A_request_is_in_the_log_while_it_runs()
    {
        var since = simulator.Server.Log.LastId;
        var running = simulator.Server.Log.WaitAsync(request => request.Id > since && request.TokensSent >= 3, SimulatorFixture.Patience);
        using var response = await simulator.AskAsync("#sim fault=hang after=3");

        Assert.Equal(RequestOutcome.Running, (await running).Outcome);
        Assert.True(simulator.Server.Log.Running >= 1);
    }

    [Fact]
    public async Task A_mark_tells_which_request_was_whose()
    {
        var since = simulator.Server.Log.LastId;
        using (await simulator.AskAsync("Hello #sim mark=call-7 tokens=2"))
        {
            Assert.Equal("call-7", (await simulator.EndAsync(since)).Mark);
        }
    }

    [Fact]
    public async Task A_wait_for_what_never_comes_ends_with_its_token()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => simulator.Server.Log.WaitAsync(request => request.Id < 0, soon.Token));
    }

    [Fact]
    public async Task Another_process_reads_and_awaits_the_log_over_http()
    {
        var since = simulator.Server.Log.LastId;
        var waiting = simulator.GetAsync($"/_log/wait?since={since}&outcome=faulted&fault=status&path=/v1/chat/completions");
        using var refused = await simulator.AskAsync("#sim fault=status");

        using var found = JsonDocument.Parse(await waiting);
        using var log = JsonDocument.Parse(await simulator.GetAsync($"/_log?since={since}"));
        Assert.Equal("faulted", found.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(since + 1, log.RootElement[0].GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task The_log_keeps_the_last_requests_and_forgets_on_demand()
    {
        await using var small = await SimulatorServer.StartAsync(new SimulatorOptions { LogCapacity = 3 }, TimeProvider.System);
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var response = await http.GetAsync(small.BaseAddress + "/models");
        }

        Assert.Equal([3, 4, 5], small.Log.Entries().Select(request => request.Id));
        Assert.Equal([5], small.Log.Entries(since: 4).Select(request => request.Id));
        using var deleted = await http.DeleteAsync(new Uri(small.BaseAddress, "/_log"));
        Assert.Empty(small.Log.Entries());
    }
}
