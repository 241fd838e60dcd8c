using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>A pool whose extensions are answered by the test, in the order in which they were asked for.</summary>
internal sealed class ScriptedPool : ICreditPoolGrain
{
    private readonly List<TaskCompletionSource<ExtendAnswer>> _asked = [];

    /// <summary>To how many micro-credits each request wanted the hold enlarged.</summary>
    public List<long> Asked { get; } = [];

    public void Hold(int request) => _asked[request].SetResult(new ExtendAnswer(ExtendOutcome.Held, Asked[request]));

    public void Refuse(int request, RefusalCode code = RefusalCode.CreditLimit) =>
        _asked[request].SetResult(new ExtendAnswer(ExtendOutcome.Refused, 0, code));

    public void NotOpen(int request) => _asked[request].SetResult(new ExtendAnswer(ExtendOutcome.NotOpen, 0));

    public void Fail(int request) => _asked[request].SetException(new LedgerUnavailableException());

    public Task<ExtendAnswer> Extend(HoldId hold, long toMicroCredits)
    {
        Asked.Add(toMicroCredits);
        _asked.Add(new TaskCompletionSource<ExtendAnswer>());
        return _asked[^1].Task;
    }

    public Task<ReserveAnswer> Reserve(ReserveRequest request, long? capMicroCredits) => throw new NotSupportedException();

    public Task<ResolveAnswer> Settle(Settlement settlement) => throw new NotSupportedException();

    public Task<ResolveAnswer> Void(HoldId hold) => throw new NotSupportedException();

    public Task<bool> Grant(string key, long microCredits, string reason) => throw new NotSupportedException();

    public Task<bool> Adjust(string key, long microCredits, UserId? actor, Period period, string reason) => throw new NotSupportedException();

    public Task SetPolicy(PoolPolicy policy) => throw new NotSupportedException();

    public Task<ScopeReading> SetEntityBudget(EntityRef entity, long? microCredits) => throw new NotSupportedException();

    public Task<CreditReading> Read(UserId actor) => throw new NotSupportedException();

    public Task<ScopeReading> ReadEntity(EntityRef entity) => throw new NotSupportedException();

    public Task<int> Sweep() => throw new NotSupportedException();

    public Task<LedgerVerification> Verify(bool full) => throw new NotSupportedException();
}
