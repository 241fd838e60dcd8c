using System.Collections.Concurrent;
using Informer.Ai.Deployments;

namespace Informer.Ai.Calls;

/// <summary>The clients of a round: makes the calls that were planned, and keeps their book.</summary>
/// <param name="chats">The ids of each user's chats.</param>
internal sealed class Caller(Deployment deployment, IReadOnlyDictionary<string, IReadOnlyList<string>> chats)
{
    private const int InsistsMax = 10;
    private static readonly TimeSpan BeforeInsisting = TimeSpan.FromMilliseconds(400);

    // Nothing of an answer that a client has left is read on: its connection closes at once.
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = 1_000,
        ResponseDrainTimeout = TimeSpan.Zero,
        ConnectTimeout = TimeSpan.FromSeconds(10),
    })
    {
        Timeout = TimeSpan.FromMinutes(2),
    };

    private int _open;
    private int _begun;

    /// <summary>How many answers are being read now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>How many answers have begun.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>One that asks any running process in a user's name.</summary>
    public static Exchange As(Deployment deployment, string user, int process = 0) => new(
        Http, deployment.Running[process % deployment.Running.Count].Address, deployment.TokenOf(user));

    /// <summary>Makes one call when it is due, with everything that belongs to it.</summary>
    public async Task<CallRecord> Make(CallPlan plan)
    {
        await Task.Delay(plan.At, TimeProvider.System);
        var sends = new ConcurrentQueue<Send>();
        var joined = new ConcurrentBag<Task>();
        await (plan.Repeating == Repeating.AtOnce
            ? Task.WhenAll(Ask(plan, plan.Process, sends, joined), Ask(plan, plan.Process + 1, sends, joined))
            : Ask(plan, plan.Process, sends, joined));
        if (plan.Repeating == Repeating.Afterwards)
        {
            await Ask(plan, plan.Process + 1, sends, joined);
        }

        for (var times = 0; plan.Insists && times < InsistsMax && sends.All(send => send.IsUnknown); times++)
        {
            await Task.Delay(BeforeInsisting, TimeProvider.System);
            await Ask(plan, plan.Process + 1, sends, joined);
        }

        await Task.WhenAll(joined);
        return new CallRecord(plan, [.. sends]);
    }

    private async Task Ask(CallPlan plan, int process, ConcurrentQueue<Send> sends, ConcurrentBag<Task> joined)
    {
        var exchange = As(deployment, plan.User, process);
        var chat = chats[plan.User][plan.Chat];
        var begun = false;
        var told = false;
        Interlocked.Increment(ref _open);
        var send = await exchange.Ask(
            PathOf(plan, chat),
            BodyOf(plan),
            plan.Leaving == Leaving.AfterTime ? TimeSpan.FromMilliseconds(plan.LeavesAfter) : null,
            sent =>
            {
                if (!begun && sent.Turn is not null && plan.Repeating == Repeating.Joining)
                {
                    joined.Add(Join(plan.User, process + 1, chat, 0, sends));
                }

                if (!begun && sent.Turn is not null)
                {
                    begun = true;
                    Interlocked.Increment(ref _begun);
                }

                if (sent.Pieces >= plan.LeavesAfter && plan.Leaving == Leaving.ByRequest && !told)
                {
                    told = true;
                    joined.Add(exchange.Try(HttpMethod.Post, $"/api/chats/{chat}/_abort").ContinueWith(_ => { }, TaskScheduler.Default));
                }

                return sent.Pieces >= plan.LeavesAfter && plan.Leaving == Leaving.AfterPieces;
            });
        Interlocked.Decrement(ref _open);
        sends.Enqueue(send);
        if (plan.Resumable && send.Ending == Ending.Left && begun)
        {
            await Join(plan.User, process, chat, send.LastEvent, sends);
        }
    }

    private async Task Join(string user, int process, string chat, long after, ConcurrentQueue<Send> sends) =>
        sends.Enqueue(await As(deployment, user, process).Join($"/api/chats/{chat}/_stream", after));

    private static string PathOf(CallPlan plan, string chat) => plan.Route switch
    {
        Route.Turn => $"/api/chats/{chat}",
        Route.Chat => $"/api/models/go_{plan.Model}/_chat",
        _ => $"/api/models/go_{plan.Model}/_completion",
    };

    private static object BodyOf(CallPlan plan)
    {
        var (type, id) = (plan.Entity.Split(':')[0], plan.Entity.Split(':')[1]);
        var entity = new { type, id };
        var message = new { id = plan.Mark, role = "user", parts = new[] { new { type = "text", text = plan.Prompt } } };
        return plan.Route switch
        {
            Route.Turn => new
            {
                message, entity, modelId = $"go_{plan.Model}", outputSize = plan.OutputSize, resumable = plan.Resumable,
            },
            Route.Chat => new { messages = new[] { message }, entity, outputSize = plan.OutputSize },
            _ => new { prompt = plan.Prompt, entity },
        };
    }
}
