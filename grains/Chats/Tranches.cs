using Informer.Ai.Credits;

namespace Informer.Ai.Chats;

/// <summary>
/// Keeps the hold of a turn ahead of its output: output is delivered only when the hold covers it. The next slice
/// is asked for when half of the current one is used, so that a stream rarely waits for it.
/// </summary>
internal sealed class Tranches(TurnPlan plan, ICreditPoolGrain pool)
{
    private long _covered = plan.FirstSlice;
    private long _askedAheadOf;
    private long _askedFor;
    private Task<ExtendAnswer>? _asked;

    /// <summary>Makes sure that so much output is covered; the failed check, if it cannot be.</summary>
    /// <exception cref="LedgerUnavailableException">The extension could not be made durable.</exception>
    /// <exception cref="InvalidOperationException">The hold is not open any more.</exception>
    public async ValueTask<RefusalCode?> Cover(long outputTokens)
    {
        if (plan.Byok)
        {
            return null;
        }

        while (outputTokens > _covered && _covered < plan.OutputTokensMax)
        {
            // An early request may have been refused because of others' holds: the one asked now counts.
            var early = _asked is not null;
            if (!early)
            {
                Ask(outputTokens);
            }

            if (await Take() is { Outcome: ExtendOutcome.Refused } refused && !early)
            {
                return refused.Code;
            }
        }

        if (_asked is { IsCompletedSuccessfully: true })
        {
            await Take();
        }
        else if (_asked is { IsCompleted: true })
        {
            // Nothing rests on it yet: it is asked again at the boundary.
            await Rest();
        }

        var half = _covered - (TurnPlan.SliceTokens / 2);
        if (_asked is null && _askedAheadOf < _covered && _covered < plan.OutputTokensMax && outputTokens > half)
        {
            _askedAheadOf = _covered;
            Ask(_covered + 1);
        }

        return null;
    }

    /// <summary>Waits for a request under way, whatever becomes of it, so that none reaches the pool after the settlement.</summary>
    public async Task Rest()
    {
        if (_asked is { } asked)
        {
            _asked = null;
            await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private void Ask(long outputTokens)
    {
        var slices = (outputTokens + TurnPlan.SliceTokens - 1) / TurnPlan.SliceTokens;
        _askedFor = Math.Min(slices * TurnPlan.SliceTokens, plan.OutputTokensMax);
        _asked = pool.Extend(plan.Id.Hold, plan.CostOf(_askedFor));
    }

    private async Task<ExtendAnswer> Take()
    {
        var asked = _asked!;
        _asked = null;
        var answer = await asked;
        switch (answer.Outcome)
        {
            case ExtendOutcome.Held:
                _covered = Math.Max(_covered, _askedFor);
                return answer;
            case ExtendOutcome.Refused:
                return answer;
            default:
                throw new InvalidOperationException("The hold of this turn is not open any more.");
        }
    }
}
