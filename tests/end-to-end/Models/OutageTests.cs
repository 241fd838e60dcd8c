using System.Collections.Concurrent;
using System.Net;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>A provider that goes away under load and comes back.</summary>
public sealed class OutageTests
{
    private const int Callers = 8;
    private const int TurnsEach = 5;

    [Fact]
    public async Task Turns_fail_as_they_should_while_the_provider_is_gone_hold_nothing_and_the_books_are_equal()
    {
        using var directory = new TestDirectory();
        var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var service = await ServiceProcess.Start(
            directory.Path, ServiceFixture.SettingsFor(simulator, ("Informer__Memories__OffTenants__0", "demo")));
        using var admin = service.ClientOf("admin");
        using var analyst = service.ClientOf("analyst");
        var told = new ConcurrentBag<(string Ending, decimal Credits)>();
        var (gone, back) = (new TaskCompletionSource(), new TaskCompletionSource());
        var streaming = Enumerable.Range(0, Callers).Select(_ => new TaskCompletionSource()).ToList();

        var callers = streaming.Select(mine => Task.Run(async () =>
        {
            var chat = await analyst.NewChat();
            for (var turn = 0; turn < TurnsEach; turn++)
            {
                // The second is in mid-stream when the provider goes, the third finds it gone, the fourth finds it again.
                await (turn == 2 ? gone.Task : turn == 3 ? back.Task : Task.CompletedTask);
                var question = turn == 1 ? "Long #sim tokens=400 delay=20" : "Short #sim tokens=8";
                using var answer = await analyst.Turn(chat, question);
                told.Add(await Read(answer, () => _ = turn == 1 && mine.TrySetResult()));
            }
        })).ToList();
        await Task.WhenAll(streaming.Select(one => one.Task)).WaitAsync(TimeSpan.FromSeconds(60));
        var port = simulator.BaseAddress.Port;
        await simulator.DisposeAsync();
        gone.SetResult();
        await ServiceCalls.Eventually(() => Task.FromResult(told.Count >= 3 * Callers), TimeSpan.FromSeconds(60));
        await using var again = await SimulatorServer.StartAsync(new SimulatorOptions { Port = port }, TimeProvider.System);
        back.SetResult();
        await Task.WhenAll(callers);

        Assert.Equal(
            [("502 PROVIDER_UNREACHABLE", Callers), ("error", Callers), ("finish", Callers * (TurnsEach - 2))],
            told.CountBy(one => one.Ending).Select(one => (one.Key, one.Value)).OrderBy(one => one.Key, StringComparer.Ordinal));
        await ServiceCalls.Eventually(() => Task.FromResult(service.Count("SELECT COUNT(*) FROM credit_hold") == 0), TimeSpan.FromSeconds(20));
        var kept = 0m;
        foreach (var chat in await Chats(analyst))
        {
            var answers = (await analyst.Messages(chat)).Where(message => message.GetProperty("role").GetString() == "assistant").ToList();
            Assert.Equal(TurnsEach - 1, answers.Count);
            Assert.Single(answers, answer => answer.GetProperty("metadata").GetProperty("finishReason").GetString() == "error");
            kept += answers.Sum(answer => answer.GetProperty("metadata").GetProperty("credits").GetDecimal());
        }

        var verified = await (await admin.GetAsync(new Uri("/api/_ledger/verify?full=true", UriKind.Relative))).Json();
        Assert.True(verified.GetProperty("verified").GetBoolean(), verified.ToString());
        Assert.Equal((kept, kept), await analyst.Used());
        Assert.Equal(Callers * (TurnsEach - 1), service.Count("SELECT COUNT(*) FROM usage_event"));
        Assert.True(told.Where(one => one.Ending == "finish").Sum(one => one.Credits) < kept);
    }

    // How it ended, and what its end says that it cost; a cut answer says nothing of it.
    private static async Task<(string Ending, decimal Credits)> Read(HttpResponseMessage answer, Action heard)
    {
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return ($"{(int)answer.StatusCode} {(await answer.Json()).GetProperty("code").GetString()}", 0);
        }

        UiEvent last = null!;
        await foreach (var happened in UiStream.Read(answer))
        {
            last = happened;
            if (happened.Type == "text-delta")
            {
                heard();
            }
        }

        return (last.Type, last.Type == "finish" ? last.Data.GetProperty("messageMetadata").GetProperty("credits").GetDecimal() : 0);
    }

    private static async Task<List<string>> Chats(HttpClient client)
    {
        var list = await (await client.GetAsync(new Uri("/api/chats", UriKind.Relative))).Json();
        return [.. list.GetProperty("results").EnumerateArray().Select(chat => chat.GetProperty("id").GetString()!)];
    }
}
