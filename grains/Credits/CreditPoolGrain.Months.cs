using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <content>The months of actors and entities: read when they are first needed, forgotten when nothing needs them.</content>
public sealed partial class CreditPoolGrain
{
    private async ValueTask Load(UserId actor, EntityRef? entity, Period period)
    {
        await Load(Scope.Of(actor, period));
        if (entity is not null)
        {
            await Load(Scope.Of(entity, period));
        }
    }

    // While a scope is not loaded nothing can have been charged to it here, so the ledger's sum is the whole of it.
    private async ValueTask Load(Scope scope)
    {
        ThrowIfEnded();
        if (!_state.ScopesSettled.ContainsKey(scope))
        {
            var totals = await _scopes.Loading(scope, () => Ask(() => ledger.ReadScopeAsync(_tenant, scope, CancellationToken.None)));
            if (!_state.ScopesSettled.ContainsKey(scope))
            {
                _state = _state with { ScopesSettled = _state.ScopesSettled.Add(scope, _scopes.WithLimit(scope, totals)) };
            }
        }

        _scopes.Used(scope, _state.Seq + 1);
    }

    // Only what is durable may be forgotten: it is read back from the ledger.
    private void Forget()
    {
        var durable = _durableSeq == _state.Seq ? long.MaxValue : _durableSeq;
        var idle = _scopes.Idle(durable).Where(scope => _state.HeldOf(scope) == 0).ToList();
        _scopes.Forget(idle);
        _state = _state with { ScopesSettled = _state.ScopesSettled.RemoveRange(idle) };
    }

    private ScopeReading Reading(Scope scope)
    {
        var (settled, limit) = _state.SettledOf(scope);
        return new ScopeReading(scope.Period, settled, _state.HeldOf(scope), limit);
    }
}
