using Informer.Ai.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Informer.Ai.Credits;

/// <summary>
/// The one writer of a tenant's ledger. Commands interleave at their awaits, and at nothing else: between a
/// decision and its place in the open batch there is no await, so the memory is always the ledger plus the
/// batches under way, and a command is answered when its batch is durable. One commit runs at a time while the
/// next batch fills. After a commit that failed, nothing more is decided here: the activation ends and its
/// successor reads the truth back.
/// </summary>
[Reentrant]
[GrainType("credit-pool")]
public sealed partial class CreditPoolGrain(
    ILedger ledger,
    ILedgerAudit audit,
    CreditMetrics metrics,
    IOptions<CreditPoolOptions> options,
    TimeProvider time,
    ILogger<CreditPoolGrain> logger) : Grain, ICreditPoolGrain
{
    private readonly RecentResolutions _recent = new(time);
    private readonly Dictionary<string, Task> _keys = [];
    private readonly Dictionary<HoldId, long> _touched = [];
    private readonly LoadedScopes _scopes = new(time);
    private readonly ILogger _logger = logger;
    private TenantId _tenant;
    private long _epoch;
    private PoolState _state = PoolState.Empty;
    private OpenBatch _open = new();
    private long _durableSeq;
    private bool _flushing;
    private bool _ended;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = new TenantId(this.GetPrimaryKeyString());
        var opening = await TakeOver(cancellationToken);
        _epoch = opening.Epoch;
        _state = PoolState.From(opening);
        _durableSeq = opening.Seq;
        foreach (var open in opening.Holds)
        {
            Touch(open.Hold.Id, open.Age);
        }

        await OpenAudit();
        this.RegisterGrainTimer(
            () => Sweep(), new GrainTimerCreationOptions(options.Value.SweepEvery, options.Value.SweepEvery) { Interleave = true });
        LogTakenOver(_tenant, _epoch, opening.Seq, opening.Holds.Count);
    }

    /// <inheritdoc/>
    public async Task<ReserveAnswer> Reserve(ReserveRequest request, long? capMicroCredits)
    {
        ThrowIfEnded();
        if (IsOverloaded)
        {
            metrics.Shed();
            return new ReserveAnswer(ReserveOutcome.Overloaded);
        }

        var today = Today();
        var resolvedBefore = _recent.MayHaveForgotten(request.Hold)
            && await Ask(() => ledger.FindResolutionAsync(_tenant, request.Hold, CancellationToken.None)) is not null;
        await Load(request.Actor, request.Entity, PeriodOf(today));
        if (resolvedBefore || _recent.Find(request.Hold) is not null)
        {
            return new ReserveAnswer(ReserveOutcome.Resolved);
        }

        var step = CreditPool.Reserve(_state, request, capMicroCredits, today);
        if (step.Answer.Refusal is { } refusal)
        {
            metrics.Refused(refusal.Code);
            return step.Answer;
        }

        ThrowIfInconsistent(step.Entry);
        Touch(request.Hold, TimeSpan.Zero);
        await Apply(step, request.Hold);
        return step.Answer;
    }

    /// <inheritdoc/>
    public async Task<ExtendAnswer> Extend(HoldId hold, long toMicroCredits)
    {
        ThrowIfEnded();
        if (_state.Holds.TryGetValue(hold, out var open))
        {
            await Load(open.Actor, open.Entity, open.Period);
        }

        var step = CreditPool.Extend(_state, hold, toMicroCredits);
        if (step.Answer.Outcome == ExtendOutcome.Held)
        {
            ThrowIfInconsistent(step.Entry);
            Touch(hold, TimeSpan.Zero);
            await Apply(step, hold);
        }
        else if (step.Answer.Outcome == ExtendOutcome.NotOpen)
        {
            await Enlist(_open.Confirm());
        }

        return step.Answer;
    }

    /// <inheritdoc/>
    public Task<ResolveAnswer> Settle(Settlement settlement)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(settlement.CostMicroCredits);
        return Resolve(
            settlement.Hold,
            hold => CreditPool.Settle(_state, hold, settlement),
            expired => CreditPool.SettleLate(_state, expired, settlement));
    }

    /// <inheritdoc/>
    public Task<ResolveAnswer> Void(HoldId hold) => Resolve(hold, open => CreditPool.Void(_state, open), null);

    /// <inheritdoc/>
    public Task<bool> Grant(string key, long microCredits, string reason) =>
        Once(key, () => CreditPool.Grant(_state, key, microCredits, Today(), reason));

    /// <inheritdoc/>
    public async Task<bool> Adjust(string key, long microCredits, UserId? actor, Period period, string reason)
    {
        var today = Today();
        var day = PeriodOf(today) == period ? today : DateOnly.FromDateTime(period.Start.UtcDateTime);
        return await Once(
            key,
            () => CreditPool.Adjust(_state, key, microCredits, actor, day, reason),
            () => actor is { } who ? Load(who, null, period) : ValueTask.CompletedTask);
    }

    /// <inheritdoc/>
    public Task SetPolicy(PoolPolicy policy)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(policy.OverageRate, nameof(policy));
        ArgumentOutOfRangeException.ThrowIfNegative(policy.SlushPermille, nameof(policy));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(policy.SlushPermille, 1_000, nameof(policy));
        ThrowIfEnded();
        _state = _state with { Policy = policy };
        return Enlist(_open.Add(policy));
    }

    /// <inheritdoc/>
    public async Task<ScopeReading> SetEntityBudget(EntityRef entity, long? microCredits)
    {
        if (microCredits is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(microCredits));
        }

        var scope = Scope.Of(entity, PeriodOf(Today()));
        await Load(scope);
        _scopes.Limit(scope, microCredits);
        foreach (var known in _state.ScopesSettled.Where(known => known.Key.Kind == ScopeKind.Entity && known.Key.Key == scope.Key))
        {
            _state = _state with
            {
                ScopesSettled = _state.ScopesSettled.SetItem(known.Key, known.Value with { Limit = microCredits }),
            };
        }

        await Enlist(_open.Add(new EntityBudget(entity, microCredits)));
        return Reading(scope);
    }

    /// <inheritdoc/>
    public async Task<CreditReading> Read(UserId actor)
    {
        var scope = Scope.Of(actor, PeriodOf(Today()));
        await Load(scope);
        return new CreditReading(_state.Reading, Reading(scope));
    }

    /// <inheritdoc/>
    public async Task<ScopeReading> ReadEntity(EntityRef entity)
    {
        var scope = Scope.Of(entity, PeriodOf(Today()));
        await Load(scope);
        return Reading(scope);
    }

    /// <inheritdoc/>
    public async Task<int> Sweep()
    {
        Forget();
        var timeToLive = options.Value.HoldTimeToLive;
        var silent = _ended ? [] : _state.Holds.Keys.Where(hold => AgeOf(hold) >= timeToLive).ToList();
        if (silent.Count == 0)
        {
            return 0;
        }

        // A fresh checkpoint shows that the operation lives; this is the only thing read here.
        var evidence = (await Ask(() => ledger.ReadEvidenceAsync(_tenant, silent, CancellationToken.None))).ToDictionary(found => found.Hold);
        List<Task> expired = [];
        foreach (var id in silent)
        {
            if (!_state.Holds.TryGetValue(id, out var hold))
            {
                continue;
            }

            var found = evidence.GetValueOrDefault(id);
            if (found is not null && found.Age < timeToLive)
            {
                Touch(id, found.Age);
                continue;
            }

            await Load(hold.Actor, hold.Entity, hold.Period);
            if (_state.Holds.TryGetValue(id, out hold) && AgeOf(id) >= timeToLive)
            {
                var step = CreditPool.Expire(_state, hold, found);
                expired.Add(Apply(step));
                LogExpired(_tenant, id, step.Answer.Charged);
            }
        }

        // They share commits.
        await Task.WhenAll(expired);
        return expired.Count;
    }

    private async Task<ResolveAnswer> Resolve(
        HoldId id, Func<Hold, PoolStep<Resolution>> resolve, Func<Resolution, PoolStep<Resolution>>? resolveLate)
    {
        ThrowIfEnded();
        if (_state.Holds.TryGetValue(id, out var hold))
        {
            await Load(hold.Actor, hold.Entity, hold.Period);
        }

        if (_state.Holds.TryGetValue(id, out hold))
        {
            var step = resolve(hold);
            if (step.Answer.Charged > hold.Amount && !hold.Byok)
            {
                metrics.Overrun();
                LogOverrun(_tenant, id, step.Answer.Charged, hold.Amount);
            }

            return await Apply(step, ResolveOutcome.Resolved);
        }

        var first = _recent.Find(id) ?? await Ask(() => ledger.FindResolutionAsync(_tenant, id, CancellationToken.None));
        if (first is null)
        {
            await Enlist(_open.Confirm());
            if (resolveLate is not null)
            {
                LogNoSuchHold(_tenant, id);
            }

            return new ResolveAnswer(ResolveOutcome.UnknownHold, null, 0, false, null, null);
        }

        await Load(first.Origin.Actor, first.Origin.Entity, first.Origin.Period);
        first = _recent.Find(id) ?? first;
        if (first.Kind == ResolutionKind.Expired && resolveLate is not null)
        {
            var late = resolveLate(first);
            LogLate(_tenant, id, late.Answer.Charged);
            return await Apply(late, ResolveOutcome.Resolved);
        }

        // The first resolution may still be on its way to the disk: its repetition waits with it.
        _recent.Remember(first);
        var answer = Answer(first, ResolveOutcome.AlreadyResolved);
        await Enlist(_open.Join());
        return answer;
    }

    private async Task<ResolveAnswer> Apply(PoolStep<Resolution> step, ResolveOutcome outcome)
    {
        var committed = Apply(step);
        var answer = Answer(step.Answer, outcome);
        await committed;
        return answer;
    }

    private Task Apply(PoolStep<Resolution> step)
    {
        _recent.Remember(step.Answer);
        _touched.Remove(step.Answer.Hold);
        metrics.Resolved(step.Answer.Kind);
        return Apply(step, step.Answer.Hold);
    }

    // From here to the return there is no await: the state and the open batch move together.
    private Task Apply<T>(PoolStep<T> step, HoldId? hold)
    {
        ThrowIfEnded();
        if (step.Entry is null)
        {
            return Enlist(_open.Confirm());
        }

        var before = _state;
        _state = step.State;
        var subject = hold is { } id ? _state.Holds.GetValueOrDefault(id) ?? before.Holds.GetValueOrDefault(id) ?? step.Event?.Hold : null;
        return Enlist(_open.Add(step.Entry, subject, step.Event));
    }

    private async Task<PoolOpening> TakeOver(CancellationToken cancellation)
    {
        try
        {
            return await ledger.TakeOverAsync(_tenant, cancellation);
        }
        catch (Exception failure)
        {
            LogUnread(_tenant, failure);
            throw new LedgerUnavailableException("The credit ledger could not be read.");
        }
    }

    // The same key waits for its first use: until that is durable, the ledger does not know it.
    private async Task<bool> Once(string key, Func<PoolStep<bool>> decide, Func<ValueTask>? load = null)
    {
        ThrowIfEnded();
        while (_keys.TryGetValue(key, out var first))
        {
            await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            ThrowIfEnded();
            if (first.IsCompletedSuccessfully)
            {
                return false;
            }

            Unuse(key, first);
        }

        var use = Use(key, decide, load);
        _keys.Add(key, use);
        try
        {
            return await use;
        }
        finally
        {
            Unuse(key, use);
        }
    }

    private void Unuse(string key, Task use)
    {
        if (_keys.GetValueOrDefault(key) == use)
        {
            _keys.Remove(key);
        }
    }

    private async Task<bool> Use(string key, Func<PoolStep<bool>> decide, Func<ValueTask>? load)
    {
        if (await Ask(() => ledger.HasKeyAsync(_tenant, key, CancellationToken.None)))
        {
            return false;
        }

        await (load?.Invoke() ?? ValueTask.CompletedTask);
        await Apply(decide(), null);
        return true;
    }

    private Task Enlist(Task committed)
    {
        if (!_flushing)
        {
            _flushing = true;
            // The loop serves every caller: it must not carry the first one's request context.
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Factory.StartNew(Flush, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
            }
        }

        return committed;
    }

    private async Task Flush()
    {
        // Calls that are already queued join the first batch.
        await Task.Yield();
        while (_open.Awaited)
        {
            var batch = _open;
            _open = new OpenBatch();
            Seal();
            try
            {
                await Commit(batch);
            }
            catch (Exception failure)
            {
                End(batch, failure);
                return;
            }

            batch.Complete();
        }

        _flushing = false;
    }

    private async Task Commit(OpenBatch batch)
    {
        if (batch.IsEmpty)
        {
            return;
        }

        var rows = batch.Seal(_tenant, _epoch);
        var started = time.GetTimestamp();
        // A commit that has begun is not cancelled; one that is never answered is given up, unknown.
        await ledger.CommitAsync(rows, CancellationToken.None).WaitAsync(options.Value.LedgerTimeout, time);
        _durableSeq = rows.Entries.Count > 0 ? rows.Entries[^1].Seq : _durableSeq;
        metrics.Committed(rows.Entries.Count, time.GetElapsedTime(started));
    }

    private void End(OpenBatch running, Exception failure)
    {
        _ended = true;
        var fenced = failure is LedgerFencedException;
        metrics.CommitFailed(fenced);
        if (fenced)
        {
            LogFenced(_tenant, _epoch);
        }
        else
        {
            LogUnknown(_tenant, _epoch, failure);
        }

        running.Fail(new LedgerUnavailableException());
        _open.Fail(new LedgerUnavailableException());
        DeactivateOnIdle();
    }

    private async Task<T> Ask<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().WaitAsync(options.Value.LedgerTimeout, time);
        }
        catch (Exception failure)
        {
            LogUnread(_tenant, failure);
            throw new LedgerUnavailableException("The credit ledger could not be read.");
        }
        finally
        {
            ThrowIfEnded();
        }
    }

    private ResolveAnswer Answer(Resolution resolution, ResolveOutcome outcome)
    {
        var settled = _state.SettledOf(Scope.Of(resolution.Origin.Actor, resolution.Origin.Period)).Settled;
        return new ResolveAnswer(
            outcome,
            resolution.Kind,
            resolution.Charged,
            resolution.Estimated,
            _state.Policy.PayAsYouGo ? null : _state.Reading.Remaining,
            CreditPool.Left(resolution.Origin.Cap, settled));
    }

    private void ThrowIfEnded()
    {
        if (_ended)
        {
            throw new LedgerUnavailableException();
        }
    }

    private bool IsOverloaded => _open.Rows >= options.Value.QueuedRowsMax;

    // Lifetimes run on the monotonic clock: a wall clock that jumps expires nothing and keeps nothing.
    private void Touch(HoldId hold, TimeSpan age) =>
        _touched[hold] = time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency);

    private TimeSpan AgeOf(HoldId hold) =>
        _touched.TryGetValue(hold, out var touched) ? time.GetElapsedTime(touched) : TimeSpan.MaxValue;

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private static Period PeriodOf(DateOnly day) => new((day.Year * 100) + day.Month);
}
