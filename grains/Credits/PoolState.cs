using System.Collections.Immutable;

namespace Informer.Ai.Credits;

/// <summary>
/// A tenant's credits in memory: equal to its ledger up to <see cref="Seq"/>. All amounts are micro-credits.
/// At all times <c>Granted = Available + Held + Settled</c> with slush and overage left aside.
/// </summary>
/// <param name="Seq">The number of the last ledger row.</param>
/// <param name="Holds">The open holds.</param>
/// <param name="ScopesHeld">What the open holds of each actor and entity add up to.</param>
/// <param name="ScopesSettled">What was charged, for the scopes that have been loaded.</param>
public sealed record PoolState(
    long Seq,
    long Granted,
    long Settled,
    long Held,
    PoolPolicy Policy,
    ImmutableDictionary<HoldId, Hold> Holds,
    ImmutableDictionary<Scope, long> ScopesHeld,
    ImmutableDictionary<Scope, ScopeTotals> ScopesSettled)
{
    /// <summary>A pool without any row.</summary>
    public static PoolState Empty { get; } = new(
        0, 0, 0, 0, new PoolPolicy(), ImmutableDictionary<HoldId, Hold>.Empty, ImmutableDictionary<Scope, long>.Empty, ImmutableDictionary<Scope, ScopeTotals>.Empty);

    /// <summary>The state that a ledger's owner starts from.</summary>
    public static PoolState From(PoolOpening opening)
    {
        var state = Empty with
        {
            Seq = opening.Seq,
            Granted = opening.Granted,
            Settled = opening.Settled,
            Policy = opening.Policy,
        };
        return opening.Holds.Aggregate(state, (all, open) => all.WithHold(open.Hold));
    }

    /// <summary>The safety buffer beyond the granted credits; none when spending may go on at a price.</summary>
    public long Slush => Policy.PayAsYouGo ? 0 : (long)((Int128)Granted * Policy.SlushPermille / 1000);

    /// <summary>What can still be held; below 0 after an overrun. Not a limit under pay-as-you-go.</summary>
    public long Available => Granted + Slush - Settled - Held;

    /// <summary>The pool as its readers see it.</summary>
    public PoolReading Reading => new(Granted, Settled, Held, Slush, Policy.OverageRate, Policy.PayAsYouGo);

    /// <summary>What the open holds of a scope add up to.</summary>
    public long HeldOf(Scope scope) => ScopesHeld.GetValueOrDefault(scope);

    /// <summary>What a loaded scope was charged, and its limit.</summary>
    /// <exception cref="KeyNotFoundException">The scope was not loaded: its caller forgot to.</exception>
    public ScopeTotals SettledOf(Scope scope) => ScopesSettled[scope];

    internal PoolState WithHold(Hold hold) => this with
    {
        Held = checked(Held + hold.Amount),
        Holds = Holds.SetItem(hold.Id, hold),
        ScopesHeld = Moved(hold, hold.Amount),
    };

    internal PoolState WithExtended(Hold hold, long amount) => this with
    {
        Held = checked(Held + amount - hold.Amount),
        Holds = Holds.SetItem(hold.Id, hold with { Amount = amount }),
        ScopesHeld = Moved(hold, amount - hold.Amount),
    };

    internal PoolState Without(Hold hold) => this with
    {
        Held = Held - hold.Amount,
        Holds = Holds.Remove(hold.Id),
        ScopesHeld = Moved(hold, -hold.Amount),
    };

    internal PoolState Charged(Hold hold, long charge) =>
        Charged(Scope.Of(hold.Actor, hold.Period), charge)
            .Charged(hold.Entity is { } entity ? Scope.Of(entity, hold.Period) : null, charge) with
        {
            Settled = checked(Settled + charge),
        };

    internal PoolState Charged(Scope? scope, long charge) =>
        scope is { } key && ScopesSettled.TryGetValue(key, out var totals)
            ? this with { ScopesSettled = ScopesSettled.SetItem(key, totals with { Settled = checked(totals.Settled + charge) }) }
            : this;

    private ImmutableDictionary<Scope, long> Moved(Hold hold, long amount)
    {
        var moved = Moved(ScopesHeld, Scope.Of(hold.Actor, hold.Period), amount);
        return hold.Entity is { } entity ? Moved(moved, Scope.Of(entity, hold.Period), amount) : moved;
    }

    private static ImmutableDictionary<Scope, long> Moved(ImmutableDictionary<Scope, long> held, Scope scope, long amount)
    {
        var sum = held.GetValueOrDefault(scope) + amount;
        return sum == 0 ? held.Remove(scope) : held.SetItem(scope, sum);
    }
}
