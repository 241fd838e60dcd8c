using Informer.Ai.Books;
using Informer.Ai.Calls;
using Informer.Ai.Deployments;
using Informer.Ai.Simulator;

namespace Informer.Ai;

/// <summary>How often each state of interest was reached: a run that never got there has shown nothing of it.</summary>
internal sealed class Reached
{
    /// <summary>Lines of the service's log that say what nothing else shows.</summary>
    private static readonly (string Line, string Name)[] Logged =
    [
        ("was fenced off", "a former owner's commit was refused (fenced)"),
        ("was not confirmed", "a commit of unknown outcome"),
        ("was interrupted;", "a chat's turn recovered from its checkpoint"),
        ("its hold could not be resolved yet", "a settlement was sent again"),
        ("a checkpoint could not be written", "a checkpoint failed"),
    ];

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Names and counts.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>What the logs say at a moment, to be told from what they say later.</summary>
    public static int[] Mark(Deployment deployment) => [.. Logged.Select(line => deployment.Logged(line.Line))];

    public void Add(string name, long count = 1) => _counts[name] = _counts.GetValueOrDefault(name) + count;

    /// <summary>Counts a round.</summary>
    public void Add(RoundBooks books, Deployment deployment, int[] mark)
    {
        var rows = books.Rows.ToList();
        Add("fault: " + books.Fault.Name);
        Add("holds", rows.Count(row => row.Kind == "hold"));
        Add("extensions", rows.Count(row => row.Kind == "extend"));
        Add("settlements", rows.Count(row => row.Kind == "settle"));
        Add("voids", rows.Count(row => row.Kind == "void"));
        Add("expiries without a charge", rows.Count(row => row.Kind == "expire" && row.Settled == 0));
        Add("expiries charged at the checkpoint", rows.Count(row => row.Kind == "expire" && row.Settled > 0));
        Add("late settlements", rows.Count(row => row.Kind == "late-settle"));
        Add("pool taken over (epochs)", books.Ledger.Pool.Epoch - books.EpochBefore);
        Add("settled in a later epoch than held", books.Holds.Count(hold => hold.Resolution is { Kind: "settle" } end && end.Epoch > hold.Taken.Epoch));
        Add("charged more than was held", books.Holds.Count(hold => hold.Late is null && hold.Charged > hold.Amount));
        Add("estimated charges", books.Ledger.Usage.Count(used => used.Seq > books.SeqBefore && used.Estimated));
        foreach (var send in books.Clients.SelectMany(call => call.Sends))
        {
            Add(send);
        }

        Add("the same message answered twice, at once", books.Clients.Count(call =>
            call.Plan.Repeating == Repeating.AtOnce && call.Sends.Count(send => send.Turn is not null) > 1));
        Add("requests that reached the provider", books.Provider.Count);
        Add("provider calls cut", books.Provider.Count(request => request.Outcome == RequestOutcome.Cut));
        Add("provider calls that went wrong on purpose", books.Provider.Count(request => request.Fault is not null));
        for (var at = 0; at < mark.Length; at++)
        {
            Add(Logged[at].Name, deployment.Logged(Logged[at].Line) - mark[at]);
        }
    }

    private void Add(Send send)
    {
        Add($"{(send.Joins ? "join" : "request")} ended: {send.Ending}");
        if (send.Ending == Ending.Left && send.Turn is null)
        {
            Add("left before the first event");
        }

        if (send is { Ending: Ending.Finished, Code: { } limit })
        {
            Add($"cut short, limitedBy {limit}");
        }
        else if (send.Code is { } code)
        {
            Add($"{send.Status} {code}");
        }
        else if (send.Status is >= 400)
        {
            Add($"{send.Status} without a code");
        }
    }
}
