using Informer.Ai.Credits;
using Informer.Ai.Models;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Chats;

/// <content>How a turn ends: its hold is resolved, its answer kept, its last event told.</content>
internal sealed partial class Turn
{
    private async Task<string> End(Exception? failure)
    {
        // Nothing of this turn may reach the ledger or the checkpoints after its settlement.
        await _tranches.Rest();
        await _checkpoint;
        var served = _complete || (_begun && (_parts.Any || _stopReason == StopReason.Length));
        if (!served)
        {
            return await EndWithout(failure);
        }

        CloseText();
        Log.Append(seq => new StepEnded(seq));
        var reported = _complete && _report is { } report ? Read(report) : null;
        var usage = reported ?? new TokenUsage(plan.PromptTokens, _outputTokens);
        var reason = Reason();
        var settlement = new Settlement(
            plan.Id.Hold,
            plan.CostOf(usage),
            usage,
            _report is { } raw ? ReportedUsage.Raw(raw) : null,
            reported is null,
            reason,
            plan.Model.Target.Id,
            plan.Model.Provider.Id,
            Pricing.Version(plan.Model.Target.Prices));
        var resolved = await Resolve(() => _pool.Settle(settlement));
        var limitedBy = _limitedBy is { } code ? CodeNames.Of(code) : null;
        await Keep(new TurnOutcome(
            _parts.ToJson(),
            new MessageMetadata(plan.Model.Target.Id, usage, resolved.ChargedMicroCredits, settlement.Estimated, reason, plan.Id, limitedBy)));

        switch (reason)
        {
            case "abort":
                Log.Append(seq => new TurnAborted(seq));
                break;
            case "error":
                Log.Append(seq => new TurnFailed(seq, SafeMessage(failure)));
                break;
            default:
                Log.Append(seq => new TurnFinished(
                    seq,
                    reason,
                    usage,
                    resolved.ChargedMicroCredits,
                    settlement.Estimated,
                    resolved.PoolRemaining,
                    resolved.ProfileRemaining,
                    _limitedBy,
                    plan.Model.Target.Id == _announced ? null : plan.Model.Target.Id));
                break;
        }

        return reason;
    }

    // Nothing came: nothing is charged, and the chat is as it was, but for the question if the stream had begun.
    private async Task<string> EndWithout(Exception? failure)
    {
        await Resolve(() => _pool.Void(plan.Id.Hold));
        var aborted = _stopReason == StopReason.Abort;
        if (_begun)
        {
            await Keep(new TurnOutcome(null, null));
            Log.Append(seq => new StepEnded(seq));
        }

        LogIfFailed(failure);
        var provider = failure as ProviderException;
        if (aborted)
        {
            Log.Append(seq => new TurnAborted(seq));
        }
        else if (_begun)
        {
            Log.Append(seq => new TurnFailed(seq, SafeMessage(failure)));
        }
        else if (_stopReason == StopReason.Idle)
        {
            Log.Append(seq => new TurnNotBegun(seq, "PROVIDER_TIMEOUT", "The model provider did not answer in time."));
        }
        else
        {
            Log.Append(seq => new TurnNotBegun(
                seq, provider?.Code ?? "PROVIDER_ERROR", provider?.Message ?? "The model provider failed."));
        }

        return aborted ? "abort" : "error";
    }

    private Task<ResolveAnswer> Resolve(Func<Task<ResolveAnswer>> resolve) => Resolving.UntilWritten(
        resolve,
        (attempt, failure) =>
        {
            LogUnresolved(plan.Id, attempt, failure);
            if (attempt == Resolving.AttemptsBeforeTelling)
            {
                Log.Append(seq => new TurnFailed(seq, "The charge of this answer is not confirmed yet."));
                Log.End();
            }
        },
        services.Time,
        services.Drain.Ended);

    private async Task Keep(TurnOutcome outcome)
    {
        try
        {
            await ended(outcome);
        }
        catch (Exception failure)
        {
            LogNotKept(plan.Id, failure);
        }
    }

    private TokenUsage? Read(UsageDetails report)
    {
        var usage = ReportedUsage.Read(
            report,
            ReportedUsage.InputMax(plan.Model.Target.ContextWindow, plan.PromptTokens),
            ReportedUsage.OutputMax(plan.OutputTokensMax));
        if (usage is null)
        {
            services.Metrics.ImplausibleUsage();
        }

        return usage;
    }

    private string Reason() => _stopReason switch
    {
        _ when _complete => FinishReasons.Of(_finishReason),
        StopReason.Abort => "abort",
        StopReason.Length => "length",
        _ => "error",
    };

    private string SafeMessage(Exception? failure)
    {
        LogIfFailed(failure);
        return _stopReason switch
        {
            StopReason.Idle => "The model provider stopped sending.",
            StopReason.Shutdown => "The service is restarting.",
            _ => (failure as ProviderException)?.Message ?? SafeFailure,
        };
    }

    private void LogIfFailed(Exception? failure)
    {
        if (failure is ProviderException provider)
        {
            // What is behind it may quote the provider, and so a prompt or a key: its kind is enough.
            LogProviderFailed(plan.Id, provider.Code, provider.GetBaseException().GetType().Name);
        }
        else if (failure is not null && _stopReason is not (StopReason.Abort or StopReason.Length))
        {
            LogFailed(plan.Id, failure);
        }
    }
}
