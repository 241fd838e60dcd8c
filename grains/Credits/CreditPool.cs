namespace Informer.Ai.Credits;

/// <summary>What one command does to a pool: the next state, the answer, and what the ledger records of it.</summary>
/// <param name="Entry">Null when nothing changes.</param>
public sealed record PoolStep<T>(PoolState State, T Answer, LedgerEntry? Entry = null, UsageEvent? Event = null);

/// <summary>
/// The arithmetic of a pool: pure decisions over immutable state. Every scope that a command touches must be
/// loaded into the state before. All amounts are micro-credits.
/// </summary>
public static class CreditPool
{
    /// <summary>Holds the required amount at cap, entity budget and pool together, or at none of them.</summary>
    /// <param name="cap">The actor's monthly cap; null is unlimited, 0 a hard stop.</param>
    /// <param name="day">Today in UTC; it fixes the month of the hold.</param>
    public static PoolStep<ReserveAnswer> Reserve(PoolState state, ReserveRequest request, long? cap, DateOnly day)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(request.RequiredMicroCredits);
        if (state.Holds.ContainsKey(request.Hold))
        {
            return new(state, new ReserveAnswer(ReserveOutcome.Held));
        }

        var amount = request.Byok ? 0 : MostOf(state.Policy, request.RequiredMicroCredits);
        var gates = Gates.Entitlement | Gates.Tier | (request.Byok ? Gates.None : Gates.Cap | Gates.Entity | Gates.Pool);
        var hold = new Hold(request.Hold, request.Actor, request.Entity, request.Byok, amount, day, cap, gates, request.Operation);
        if (!request.Byok && Check(state, hold, amount) is { } refusal)
        {
            return new(state, new ReserveAnswer(ReserveOutcome.Refused, refusal));
        }

        return new(
            state.WithHold(hold) with { Seq = state.Seq + 1 },
            new ReserveAnswer(ReserveOutcome.Held),
            Row(state, EntryKind.Hold, hold, held: amount) with { Origin = hold });
    }

    /// <summary>Enlarges an open hold to an amount, under the checks that it passed when it was taken.</summary>
    public static PoolStep<ExtendAnswer> Extend(PoolState state, HoldId id, long toAmount)
    {
        if (!state.Holds.TryGetValue(id, out var hold))
        {
            return new(state, new ExtendAnswer(ExtendOutcome.NotOpen, 0));
        }

        var amount = MostOf(state.Policy, toAmount);
        var more = amount - hold.Amount;
        if (hold.Byok || more <= 0)
        {
            return new(state, new ExtendAnswer(ExtendOutcome.Held, hold.Amount));
        }

        if (Check(state, hold, more) is { } refusal)
        {
            return new(state, new ExtendAnswer(ExtendOutcome.Refused, hold.Amount, refusal.Code));
        }

        return new(
            state.WithExtended(hold, amount) with { Seq = state.Seq + 1 },
            new ExtendAnswer(ExtendOutcome.Held, amount),
            Row(state, EntryKind.Extend, hold, held: more));
    }

    /// <summary>Charges the actual cost of an open hold's operation and releases the rest.</summary>
    public static PoolStep<Resolution> Settle(PoolState state, Hold hold, Settlement settlement) =>
        Charge(state, hold, ResolutionKind.Settled, EntryKind.Settle, settlement);

    /// <summary>Releases an open hold without a charge.</summary>
    public static PoolStep<Resolution> Void(PoolState state, Hold hold) => new(
        state.Without(hold) with { Seq = state.Seq + 1 },
        new Resolution(hold.Id, ResolutionKind.Voided, 0, false, hold),
        Row(state, EntryKind.Void, hold, held: -hold.Amount));

    /// <summary>Resolves a hold whose operation has gone silent: its last checkpoint is charged, as an estimate.</summary>
    public static PoolStep<Resolution> Expire(PoolState state, Hold hold, Evidence? evidence) =>
        evidence is null
            ? new(
                state.Without(hold) with { Seq = state.Seq + 1 },
                new Resolution(hold.Id, ResolutionKind.Expired, 0, true, hold),
                Row(state, EntryKind.Expire, hold, held: -hold.Amount))
            : Charge(
                state,
                hold,
                ResolutionKind.Expired,
                EntryKind.Expire,
                new Settlement(hold.Id, evidence.CostMicroCredits, evidence.Usage, null, true, "error"));

    /// <summary>Records a settlement that came after its hold had expired: the difference to what was charged then.</summary>
    public static PoolStep<Resolution> SettleLate(PoolState state, Resolution expired, Settlement settlement)
    {
        var hold = expired.Origin;
        ArgumentOutOfRangeException.ThrowIfNegative(settlement.CostMicroCredits);
        // Priced as if the first charge had not been made: its credits are included ones again.
        var before = state with { Settled = state.Settled - expired.Charged };
        var cost = hold.Byok ? 0 : Priced(state.Policy, settlement.CostMicroCredits, before.Reading.Remaining);
        // What was corrected since is not given back twice: a month below 0 would lend credits beyond the cap.
        var left = Math.Min(state.Settled, state.SettledOf(Scope.Of(hold.Actor, hold.Period)).Settled);
        var difference = Math.Max(cost - expired.Charged, -left);
        var charged = expired.Charged + difference;
        var entry = Row(state, EntryKind.LateSettle, hold, settled: difference);
        return new(
            state.Charged(hold, difference) with { Seq = state.Seq + 1 },
            expired with { Kind = ResolutionKind.LateSettled, Charged = charged, Estimated = settlement.Estimated },
            entry,
            Event(entry, hold, ResolutionKind.LateSettled, settlement, difference));
    }

    /// <summary>Adds credits.</summary>
    public static PoolStep<bool> Grant(PoolState state, string key, long amount, DateOnly day, string reason)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        var entry = new LedgerEntry(state.Seq + 1, EntryKind.Grant, null, key, amount, 0, 0, day, null, null, reason);
        return new(state with { Seq = entry.Seq, Granted = checked(state.Granted + amount) }, true, entry);
    }

    /// <summary>Corrects what was charged, up or down.</summary>
    public static PoolStep<bool> Adjust(
        PoolState state, string key, long amount, Tenancy.UserId? actor, DateOnly day, string reason)
    {
        var entry = new LedgerEntry(state.Seq + 1, EntryKind.Adjust, null, key, 0, 0, amount, day, actor, null, reason);
        var settled = checked(state.Settled + amount);
        ArgumentOutOfRangeException.ThrowIfNegative(settled, nameof(amount));
        Scope? scope = actor is { } who ? Scope.Of(who, new Period((day.Year * 100) + day.Month)) : null;
        if (scope is { } month)
        {
            // Below 0 a month would lend its actor credits beyond the cap.
            ArgumentOutOfRangeException.ThrowIfNegative(checked(state.SettledOf(month).Settled + amount), nameof(amount));
        }

        return new(
            state.Charged(scope, amount) with { Seq = entry.Seq, Settled = settled },
            true,
            entry);
    }

    /// <summary>Left of a cap or budget, holds not counted; null is unlimited.</summary>
    public static long? Left(long? limit, long settled) => limit is { } most ? Math.Max(0, most - settled) : null;

    private static PoolStep<Resolution> Charge(
        PoolState state, Hold hold, ResolutionKind kind, EntryKind row, Settlement settlement)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(settlement.CostMicroCredits);
        var released = state.Without(hold);
        var charge = hold.Byok ? 0 : Priced(state.Policy, settlement.CostMicroCredits, released.Reading.Remaining);
        var entry = Row(state, row, hold, held: -hold.Amount, settled: charge);
        return new(
            released.Charged(hold, charge) with { Seq = state.Seq + 1 },
            new Resolution(hold.Id, kind, charge, settlement.Estimated, hold),
            entry,
            Event(entry, hold, kind, settlement, charge));
    }

    // The first failing check, in the order of the contract. Nothing is applied in between.
    private static Refusal? Check(PoolState state, Hold hold, long amount)
    {
        var actor = Scope.Of(hold.Actor, hold.Period);
        var (settled, held) = (state.SettledOf(actor).Settled, state.HeldOf(actor));

        Refusal Refuse(RefusalCode code, bool retryable, long? entityRemaining = null) => new(
            code,
            Left(hold.Cap, settled),
            state.Policy.PayAsYouGo ? null : state.Reading.Remaining,
            held,
            amount,
            retryable,
            entityRemaining);

        if (Exceeds(hold.Cap, settled + held, amount))
        {
            return Refuse(RefusalCode.CreditLimit, !Exceeds(hold.Cap, settled, amount));
        }

        if (hold.Entity is { } entity)
        {
            var scope = Scope.Of(entity, hold.Period);
            var (spent, limit) = state.SettledOf(scope);
            if (Exceeds(limit, spent + state.HeldOf(scope), amount))
            {
                return Refuse(RefusalCode.EntityBudget, !Exceeds(limit, spent, amount), Left(limit, spent));
            }
        }

        return state.Policy.PayAsYouGo || amount == 0 || state.Available >= amount
            ? null
            : Refuse(RefusalCode.PoolExhausted, state.Available + state.Held >= amount);
    }

    // A limit of 0 is a hard stop, also for what costs nothing; any other stops only what costs something.
    private static bool Exceeds(long? limit, long spent, long more) =>
        limit is { } most && (most == 0 || (more > 0 && checked(spent + more) > most));

    // A hold covers the most that its operation can be charged, so that a cap cannot be passed by what is held.
    private static long MostOf(PoolPolicy policy, long cost) => Math.Max(cost, Priced(policy, cost, included: 0));

    // Under pay-as-you-go, what lies beyond the included credits costs the overage rate, rounded up.
    private static long Priced(PoolPolicy policy, long cost, long included)
    {
        if (!policy.PayAsYouGo)
        {
            return cost;
        }

        var beyond = cost - Math.Min(cost, included);
        return checked(cost - beyond + (long)((((Int128)beyond * policy.OverageRate) + 999_999) / 1_000_000));
    }

    private static LedgerEntry Row(PoolState state, EntryKind kind, Hold hold, long held = 0, long settled = 0) =>
        new(state.Seq + 1, kind, hold.Id, null, 0, held, settled, hold.Day, hold.Actor, hold.Entity, null);

    private static UsageEvent Event(
        LedgerEntry entry, Hold hold, ResolutionKind kind, Settlement settlement, long charged) => new(
        entry.Seq,
        hold,
        kind,
        settlement.ModelId ?? hold.Operation.ModelId,
        settlement.Usage,
        settlement.RawUsage,
        charged,
        settlement.Estimated,
        settlement.FinishReason)
    {
        ProviderId = settlement.ProviderId ?? hold.Operation.ProviderId,
        PriceVersion = settlement.PriceVersion ?? hold.Operation.PriceVersion,
    };
}
