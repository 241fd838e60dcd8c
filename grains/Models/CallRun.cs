using System.Diagnostics.CodeAnalysis;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>A metered call while it runs: the model that it has come to, and what that has used so far.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "A stop may come from another thread at any time; the source has no timer to free.")]
public sealed class CallRun : IRunning
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _reports = [];
    private readonly HoldId _hold;
    private readonly ICreditPoolGrain _pool;

    internal CallRun(MeteredCall call, ICreditPoolGrain pool) => (_hold, Model, _pool) = (call.Id, call.Model, pool);

    /// <summary>The model that is being called.</summary>
    public ResolvedModel Model { get; internal set; }

    /// <summary>What has been served and will be charged, whatever follows.</summary>
    public TokenUsage Used { get; private set; } = TokenUsage.None;

    /// <summary>Something was served.</summary>
    public bool Any { get; private set; }

    /// <summary>A part of <see cref="Used"/> was counted here and not reported.</summary>
    public bool Estimated { get; private set; }

    /// <summary>How it ended, as its usage event will say.</summary>
    public string FinishReason { get; set; } = "stop";

    /// <summary>The process ends: give up.</summary>
    public CancellationToken Stop => _stop.Token;

    internal string? RawUsage => _reports.Count switch
    {
        0 => null,
        1 => _reports[0],
        _ => $"[{string.Join(',', _reports)}]",
    };

    internal long Cost => Pricing.MicroCredits(Used, Model.Target.Prices);

    /// <summary>Adds what one call of the provider has used.</summary>
    /// <param name="report">The provider's own words; null when it gave none.</param>
    public void Add(TokenUsage usage, UsageDetails? report, bool estimated)
    {
        Used = Used.Plus(usage);
        Estimated |= estimated;
        Any = true;
        if (report is not null)
        {
            _reports.Add(ReportedUsage.Raw(report));
        }
    }

    /// <summary>Makes sure that the hold covers so much in all before it is used; the failed check, if it cannot.</summary>
    /// <exception cref="InvalidOperationException">The hold is not open any more.</exception>
    public async Task<RefusalCode?> Cover(TokenUsage total)
    {
        var answer = await _pool.Extend(_hold, Pricing.MicroCredits(total, Model.Target.Prices));
        return answer.Outcome switch
        {
            ExtendOutcome.Held => null,
            ExtendOutcome.Refused => answer.Code,
            _ => throw new InvalidOperationException("The hold of this call is not open any more."),
        };
    }

    void IRunning.Cut() => _ = _stop.CancelAsync();
}
