using Informer.Ai.Books;
using Informer.Ai.Calls;
using Informer.Ai.Deployments;

namespace Informer.Ai;

/// <summary>A deployment and what the harness has told it: limits change only between rounds, so that it is known which were in force.</summary>
internal sealed class World(Deployment deployment) : IAsyncDisposable
{
    private const long MicroCredits = 1_000_000;

    private readonly List<(long AfterSeq, IReadOnlyDictionary<string, long?> Budgets)> _budgets = [];

    public Deployment Deployment => deployment;

    /// <summary>Rounds that were played in it.</summary>
    public int Rounds { get; set; }

    /// <summary>Puts a round's limits in force; the users' cap in micro-credits.</summary>
    public async Task<long?> Limit(Limits limits, LedgerBook ledger)
    {
        var month = TimeProvider.System.GetUtcNow().ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        var admin = Caller.As(deployment, "admin");
        var most = CallMix.Users.Max(user => ledger.ChargedTo(ledger.Users[user], month));
        var cap = Above(limits.CapAbove, most);
        var profiles = await admin.Plain(HttpMethod.Get, "/api/usage-profiles");
        var id = profiles.GetProperty("_embedded").GetProperty("inf:usage-profile")[0].GetProperty("id").GetString();
        await admin.Plain(HttpMethod.Put, $"/api/usage-profiles/{id}", new { creditCapPerMonth = cap });

        Dictionary<string, long?> budgets = [];
        foreach (var (entity, above) in CallMix.SharedEntities.Zip(limits.BudgetsAbove))
        {
            var budget = Above(above, ledger.ChargedFor(entity, month));
            await admin.Plain(HttpMethod.Put, $"/api/usage-budgets/{entity.Replace(':', '/')}", new { monthlyBudget = budget });
            budgets[entity] = budget * MicroCredits;
        }

        _budgets.Add((ledger.Pool.Seq, budgets));
        return cap * MicroCredits;
    }

    /// <summary>The budgets that were in force when a row was written.</summary>
    public IReadOnlyDictionary<string, long?> BudgetsAt(long seq) => _budgets.Last(known => known.AfterSeq < seq).Budgets;

    /// <summary>New chats of every user, by id.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> NewChats()
    {
        Dictionary<string, IReadOnlyList<string>> chats = [];
        foreach (var user in CallMix.Users)
        {
            List<string> ids = [];
            for (var at = 0; at < CallMix.ChatsOfEach; at++)
            {
                var chat = await Caller.As(deployment, user).Plain(HttpMethod.Post, "/api/chats", new { modelId = "go_everyday", name = "Chaos" });
                ids.Add(chat.GetProperty("id").GetString()!);
            }

            chats[user] = ids;
        }

        return chats;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => deployment.DisposeAsync();

    private static long? Above(int? above, long used) => above switch
    {
        null => null,
        < 0 => 0,
        { } more => ((used + MicroCredits - 1) / MicroCredits) + more,
    };
}
