using System.Text.Json;
using Informer.Ai.Books;
using Informer.Ai.Calls;
using Informer.Ai.Deployments;

namespace Informer.Ai.Oracle;

/// <summary>What the API says of money against the ledger.</summary>
internal static class ReadRules
{
    private const int NotThere = 404;

    public static async Task<List<string>> Violations(Deployment deployment, LedgerBook ledger, IReadOnlyDictionary<string, IReadOnlyList<string>> chats)
    {
        List<string> violations = [];
        var month = TimeProvider.System.GetUtcNow().ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        for (var process = 0; process < deployment.Running.Count; process++)
        {
            foreach (var user in CallMix.Users)
            {
                var budget = await Caller.As(deployment, user, process).Plain(HttpMethod.Get, "/api/ai-budget");
                var pool = budget.GetProperty("pool");
                Same($"the month of {user}", budget.GetProperty("monthly").GetProperty("creditsUsed"), ledger.ChargedTo(ledger.Users[user], month));
                Same("the pool's credits", pool.GetProperty("included"), ledger.Pool.Granted);
                Same("the pool's use", pool.GetProperty("used"), ledger.Pool.Settled);
                Same("the pool's rest", pool.GetProperty("remaining"), Math.Max(0, ledger.Pool.Granted - ledger.Pool.Settled));
            }
        }

        var admin = Caller.As(deployment, "admin");
        foreach (var entity in CallMix.SharedEntities)
        {
            var budget = await admin.Plain(HttpMethod.Get, $"/api/usage-budgets/{entity.Replace(':', '/')}");
            Same($"the use of {entity}", budget.GetProperty("creditsUsed"), ledger.ChargedFor(entity, month));
        }

        foreach (var (user, ids) in chats)
        {
            foreach (var chat in ids)
            {
                violations.AddRange(await Answers(Caller.As(deployment, user), chat, ledger));
            }
        }

        var (status, verdict) = await admin.Try(HttpMethod.Get, "/api/_ledger/verify");
        if (status != NotThere && !Verified(verdict))
        {
            violations.Add($"L1 the service's own check answers {status}: {verdict}");
        }

        return violations;

        void Same(string what, JsonElement said, long microCredits)
        {
            if (said.GetDecimal() * 1_000_000 != microCredits)
            {
                violations.Add($"L16 {what} is {said} in the API and {microCredits} micro-credits in the ledger");
            }
        }
    }

    private static async Task<List<string>> Answers(Exchange exchange, string chat, LedgerBook ledger)
    {
        List<string> violations = [];
        HashSet<string> turns = [];
        var page = await exchange.Plain(HttpMethod.Get, $"/api/chats/{chat}/messages?limit=100");
        foreach (var message in page.GetProperty("_embedded").GetProperty("inf:message").EnumerateArray())
        {
            if (message.GetProperty("metadata") is not { ValueKind: JsonValueKind.Object } metadata)
            {
                continue;
            }

            var turn = metadata.GetProperty("turnId").GetString()!;
            var charged = ledger.Holds.TryGetValue(turn, out var hold) ? hold.Charged : -1;
            if (metadata.GetProperty("credits").GetDecimal() * 1_000_000 != charged)
            {
                violations.Add($"L16 the answer of turn {turn} says {metadata.GetProperty("credits")} credits and the ledger {charged} micro-credits");
            }

            if (!turns.Add(turn))
            {
                violations.Add($"L7 turn {turn} was kept as two answers");
            }
        }

        return violations;
    }

    private static bool Verified(string verdict)
    {
        using var answer = JsonDocument.Parse(verdict);
        return answer.RootElement.TryGetProperty("verified", out var verified) && verified.ValueKind == JsonValueKind.True;
    }
}
