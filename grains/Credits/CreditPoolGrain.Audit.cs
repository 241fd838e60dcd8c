using Microsoft.Extensions.Logging;

namespace Informer.Ai.Credits;

/// <content>
/// Verification beside the commits: the ledger is read at some row, and the memory at that same row is looked up
/// afterwards among the states that were kept at the ends of batches.
/// </content>
public sealed partial class CreditPoolGrain
{
    // The states at the ends of batches, by their last row: the last durable one, the one under way, and while a
    // verification runs all since it began.
    private readonly Dictionary<long, PoolState> _sealed = [];
    private (bool Full, Task<LedgerVerification> Task)? _verification;
    private PoolState _lastSealed = PoolState.Empty;
    private bool _inconsistent;

    private bool Verifying => _verification is { Task.IsCompleted: false };

    /// <inheritdoc/>
    public async Task<LedgerVerification> Verify(bool full)
    {
        ThrowIfEnded();
        while (Verifying && _verification is var (isFull, running))
        {
            if (isFull || !full)
            {
                return await running;
            }

            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        // No await since the last look, so it is the only one.
        var verification = Compare(full);
        _verification = (full, verification);
        return await verification;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        MarkInconsistent(false);
        return Task.CompletedTask;
    }

    private async Task<LedgerVerification> Compare(bool full)
    {
        var (started, at) = (time.GetTimestamp(), time.GetUtcNow());
        var reading = await Audited(() => audit.ReadAsync(_tenant, full, [.. _state.ScopesSettled.Keys], CancellationToken.None));
        if (reading.Epoch != _epoch)
        {
            // Another activation owns the ledger, so this memory proves nothing.
            End(_open, new LedgerFencedException());
            throw new LedgerUnavailableException();
        }

        var memory = _sealed.GetValueOrDefault(reading.Pool.Seq);
        var verification = new LedgerVerification(
            _tenant,
            reading.Pool.Seq,
            reading.Pool.Granted,
            reading.Pool.Settled,
            reading.Pool.Held,
            full,
            reading.Rows.Count,
            LedgerChecks.Of(reading, memory),
            (memory ?? _lastSealed).Reading,
            time.GetElapsedTime(started),
            at);
        metrics.Verified(verification.Passed);
        var failure = string.Join("; ", verification.Checks.Where(check => !check.Passed).Select(check => $"{check.Name}: {check.Detail}"));
        if (!verification.Passed)
        {
            // At once, and also when it cannot be recorded.
            MarkInconsistent(true);
            LogInconsistent(_tenant, reading.Pool.Seq, failure);
        }

        if (!await Audited(() => audit.RecordAsync(reading, verification.Passed ? null : failure, CancellationToken.None)))
        {
            throw new LedgerUnavailableException("Another verification of the credit ledger came in between.");
        }

        if (verification.Passed && _inconsistent)
        {
            MarkInconsistent(false);
            LogConsistent(_tenant, reading.Pool.Seq);
        }

        return verification;
    }

    // Under no time limit: a full reading takes as long as the ledger is long.
    private async Task<T> Audited<T>(Func<Task<T>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception failure)
        {
            LogUnread(_tenant, failure);
            throw new LedgerUnavailableException("The credit ledger could not be verified.");
        }
        finally
        {
            ThrowIfEnded();
        }
    }

    // At the end of each batch, before its commit. The one before it is durable then; older ones serve nobody.
    private void Seal()
    {
        if (!Verifying)
        {
            _sealed.Clear();
            _sealed[_lastSealed.Seq] = _lastSealed;
        }

        _lastSealed = _sealed[_state.Seq] = _state;
    }

    private async Task OpenAudit()
    {
        MarkInconsistent(await audit.FindFailureAsync(_tenant, CancellationToken.None) is not null);
        _lastSealed = _sealed[_state.Seq] = _state;
    }

    // What holds nothing can go on: the tenant's own key pays, or nobody does.
    private void ThrowIfInconsistent(LedgerEntry? entry)
    {
        if (_inconsistent && entry is { Held: > 0 })
        {
            throw new LedgerInconsistentException();
        }
    }

    private void MarkInconsistent(bool inconsistent)
    {
        if (_inconsistent != inconsistent)
        {
            _inconsistent = inconsistent;
            metrics.Inconsistent(inconsistent ? 1 : -1);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Ledger of {Tenant} is inconsistent at row {Seq}, and new holds are refused: {Failure}")]
    private partial void LogInconsistent(Tenancy.TenantId tenant, long seq, string failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ledger of {Tenant} is consistent again at row {Seq}, and new holds are taken")]
    private partial void LogConsistent(Tenancy.TenantId tenant, long seq);
}
