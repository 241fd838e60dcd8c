using Informer.Ai.Books;
using Informer.Ai.Calls;

namespace Informer.Ai.Oracle;

/// <summary>What clients were told against what the ledger has.</summary>
internal static class CallRules
{
    public static IEnumerable<string> Violations(RoundBooks books)
    {
        foreach (var call in books.Clients)
        {
            foreach (var violation in call.Sends.SelectMany(send => Told(books, call, send)))
            {
                yield return $"{violation}; {call}";
            }
        }

        foreach (var shared in books.Clients.SelectMany(call => call.Sends).Where(send => !send.Joins && send.Turn is not null)
            .GroupBy(send => send.Turn).Where(sends => sends.Count() > 1))
        {
            yield return $"L7 {shared.Count()} requests were answered with turn {shared.Key}";
        }

        foreach (var group in books.Clients.GroupBy(call => call.Plan.Entity))
        {
            var holds = books.Holds.Where(hold => hold.Taken.Entity == group.Key).ToList();
            var mayHold = group.SelectMany(call => call.Sends).Count(send => send.MayHold);
            if (holds.Count > mayHold)
            {
                yield return $"L5 {holds.Count} holds for {group.Key} and {mayHold} requests that could have any: {string.Join(" | ", group)}";
            }
        }

        foreach (var hold in books.Holds.Where(hold => hold.Taken.Cap != books.CapMicroCredits))
        {
            yield return $"L4 hold {hold.Id} was taken under a cap of {hold.Taken.Cap}, in force is {books.CapMicroCredits}";
        }
    }

    private static IEnumerable<string> Told(RoundBooks books, CallRecord call, Send send)
    {
        if (send.Ending == Ending.Stuck)
        {
            yield return "a request never ended";
        }

        if (send.Ending == Ending.Rejected && (send.Status != 500 || books.Fault is Faults.NoFault))
        {
            yield return $"a request was answered with {send.Status}";
        }

        if (send.Turn is null)
        {
            yield break;
        }

        if (!books.Ledger.Holds.TryGetValue(send.Turn, out var hold))
        {
            yield return $"L25 turn {send.Turn} was begun and the ledger has no hold of it";
            yield break;
        }

        var actor = books.Ledger.Users[call.Plan.User];
        if (hold.Taken.Actor != actor || (!send.Joins && hold.Taken.Entity != call.Plan.Entity))
        {
            yield return $"L4 turn {send.Turn} was held for {hold.Taken.Actor} and {hold.Taken.Entity}";
        }

        if (send is { Ending: Ending.Finished, Credits: { } credits } && credits * 1_000_000 != hold.Charged)
        {
            yield return $"L25 turn {send.Turn} was said to cost {credits} and the ledger charged {hold.Charged} micro-credits";
        }

        // What a client has in its hands was paid for, unless the process died before it could write it down.
        var delivered = Price.Of(call.Plan.Model, 0, send.Pieces);
        if (!send.Joins && !books.LosesTurns && hold.Resolution is not null && hold.Charged < delivered && !ReportsNothing(call))
        {
            yield return $"L13 turn {send.Turn} delivered {send.Pieces} tokens and was charged {hold.Charged}";
        }
    }

    // Reported zero is zero.
    private static bool ReportsNothing(CallRecord call) => call.Plan.Directive.Contains("usage-zero", StringComparison.Ordinal);
}
