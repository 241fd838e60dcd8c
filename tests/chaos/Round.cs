using System.Diagnostics;
using System.Globalization;
using Informer.Ai.Books;
using Informer.Ai.Calls;
using Informer.Ai.Deployments;
using Informer.Ai.Faults;
using Informer.Ai.Oracle;

namespace Informer.Ai;

/// <summary>One round over a deployment: load, a fault in the middle of it, quiet, and the books compared.</summary>
internal sealed class Round(RoundPlan plan, World world, ProviderBook provider, Reached reached)
{
    /// <summary>Beyond a hold's life and a sweep, for a machine that is busy with the round.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    /// <summary>A settlement that could not be written is tried again for so long.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan StrikesWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly Deployment _deployment = world.Deployment;

    /// <summary>Plays it; what was violated.</summary>
    public async Task<IReadOnlyList<string>> Play()
    {
        var before = await _deployment.ReadLedger();
        var cap = await world.Limit(plan.Limits, before);
        var chats = await world.NewChats();
        var logs = Reached.Mark(_deployment);
        await provider.Turn();
        var caller = new Caller(_deployment, chats);
        var calls = plan.Calls.Select(caller.Make).ToList();
        var violations = new List<string>(await Strike(caller));
        var clients = await Task.WhenAll(calls);
        var revived = await _deployment.Revive();
        if (revived > 0 && _deployment.Running.Count == 1)
        {
            violations.Add("the process ended by itself");
        }

        if (await StayOpen() is { } open)
        {
            violations.Add(open);
        }

        // What a client saw may be a moment ahead of a settlement that is still being tried; the ledger itself may
        // never be wrong.
        var started = Stopwatch.StartNew();
        RoundBooks books;
        List<string> unsettled;
        do
        {
            revived += await _deployment.Revive();
            var served = await provider.Read();
            var ledger = await _deployment.ReadLedger();
            books = new RoundBooks(plan.Fault, ledger, served, clients, before.Pool.Seq, before.Pool.Epoch, plan.Fault.LosesTurns || revived > 0, cap);
            unsettled =
            [
                .. CallRules.Violations(books),
                .. ProviderRules.Violations(books),
                .. await Read(ledger, chats),
            ];
            if (unsettled.Count > 0)
            {
                await Task.Delay(LookEvery * 5, TimeProvider.System);
            }
        }
        while (unsettled.Count > 0 && started.Elapsed < Grace);

        reached.Add("a process ended by itself and was started again", revived);
        reached.Add(books, _deployment, logs);
        return [.. violations, .. LedgerRules.Violations(books.Ledger), .. AdmissionRules.Violations(books.Ledger, world.BudgetsAt), .. unsettled];
    }

    // A process that has just ended cannot be asked: the next look finds its successor.
    private async Task<IReadOnlyList<string>> Read(LedgerBook ledger, IReadOnlyDictionary<string, IReadOnlyList<string>> chats)
    {
        try
        {
            return await ReadRules.Violations(_deployment, ledger, chats);
        }
        catch (HttpRequestException unanswered)
        {
            return [$"the API does not answer: {unanswered.Message}"];
        }
    }

    private async Task<IEnumerable<string>> Strike(Caller caller)
    {
        // A busy machine takes its time: the fault waits until there is something to break.
        var started = Stopwatch.StartNew();
        await Task.Delay(plan.StrikesAt, TimeProvider.System);
        while (caller.Begun < plan.StrikesAfter && started.Elapsed < StrikesWithin)
        {
            await Task.Delay(LookEvery, TimeProvider.System);
        }

        if (plan.Fault is not NoFault)
        {
            reached.Add("answers being read when the fault struck", caller.Open);
        }

        try
        {
            await plan.Fault.Strike(_deployment, new Random(plan.Seed));
            return [];
        }
        catch (UnhealedException unhealed)
        {
            return [$"{plan.Fault.Name}: {unhealed.Message}"];
        }
    }

    // Nobody calls any more: every hold has been resolved, or is about to be too old.
    private async Task<string?> StayOpen()
    {
        var within = Deployment.TimeToLive + Deployment.SweepEvery + Slack;
        var started = Stopwatch.StartNew();
        while (await _deployment.CountOpenHolds() is > 0 and var open)
        {
            if (started.Elapsed > within)
            {
                return string.Create(CultureInfo.InvariantCulture, $"L26 {open} holds are open {within.TotalSeconds} s after the last call");
            }

            await Task.Delay(LookEvery, TimeProvider.System);
        }

        return null;
    }
}
