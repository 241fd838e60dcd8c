namespace Informer.Ai.Credits;

/// <summary>
/// A pool predicted from a plain list of facts: every number is summed up anew when it is asked for. Shares no
/// code with <see cref="CreditPool"/>.
/// </summary>
internal sealed class PoolModel(int slushPermille, decimal? overageRate, long?[] caps, long?[] budgets)
{
    private readonly List<(int Who, int? Entity, int Month, long Amount)> _charges = [];
    private readonly Dictionary<int, Operation> _holds = [];

    public long Granted { get; private set; }

    public int Rows { get; private set; }

    /// <summary>Charged without having been held: overruns, late settlements, corrections.</summary>
    public long NeverHeld { get; private set; }

    public long Used => _charges.Sum(charge => charge.Amount);

    public long Held => Open.Sum(hold => hold.Amount);

    public int OpenHolds => Open.Count();

    private IEnumerable<Operation> Open => _holds.Values.Where(hold => hold.End is null);

    private long Slush => overageRate is null ? (long)Math.Floor((decimal)Granted * slushPermille / 1_000) : 0;

    public long UsedBy(int who, int month) => _charges.Where(charge => charge.Who == who && charge.Month == month).Sum(charge => charge.Amount);

    public long UsedFor(int entity, int month) => _charges.Where(charge => charge.Entity == entity && charge.Month == month).Sum(charge => charge.Amount);

    public long HeldBy(int who, int month) => Open.Where(hold => hold.Who == who && hold.Month == month).Sum(hold => hold.Amount);

    public long HeldFor(int entity, int month) => Open.Where(hold => hold.Entity == entity && hold.Month == month).Sum(hold => hold.Amount);

    /// <summary>How the hold ended; null while it is open or was never taken.</summary>
    public string? EndOf(int id) => _holds.GetValueOrDefault(id)?.End;

    public bool IsOpen(int id) => _holds.TryGetValue(id, out var hold) && hold.End is null;

    public void Grant(long amount)
    {
        Granted += amount;
        Rows++;
    }

    public bool Adjust(long amount, int who, int month)
    {
        if (Used + amount < 0 || UsedBy(who, month) + amount < 0)
        {
            return false;
        }

        Charge(who, null, month, amount);
        NeverHeld += Math.Max(0, amount);
        Rows++;
        return true;
    }

    public string Reserve(int id, int who, int? entity, int month, long amount, bool byok)
    {
        if (_holds.ContainsKey(id))
        {
            return "held";
        }

        amount = Most(amount);
        if (!byok && Check(who, entity, month, caps[who], amount) is { } refused)
        {
            return refused;
        }

        _holds[id] = new Operation { Who = who, Entity = entity, Month = month, Byok = byok, Amount = byok ? 0 : amount, Cap = caps[who] };
        Rows++;
        return "held";
    }

    public string Extend(int id, long to)
    {
        if (!IsOpen(id))
        {
            return "not-open";
        }

        var hold = _holds[id];
        to = Most(to);
        if (hold.Byok || to <= hold.Amount)
        {
            return "held";
        }

        if (Check(hold.Who, hold.Entity, hold.Month, hold.Cap, to - hold.Amount) is { } refused)
        {
            return refused.Replace(" later", "", StringComparison.Ordinal);
        }

        hold.Amount = to;
        Rows++;
        return "held";
    }

    /// <summary>Ends an open hold; a cost of null charges nothing.</summary>
    public long End(int id, string how, long? cost)
    {
        var hold = _holds[id];
        hold.End = how;
        hold.Charged = hold.Byok ? 0 : Priced(cost ?? 0, Granted - Used);
        Charge(hold.Who, hold.Entity, hold.Month, hold.Charged);
        NeverHeld += Math.Max(0, hold.Charged - hold.Amount);
        Rows++;
        return hold.Charged;
    }

    public long Late(int id, long cost)
    {
        var hold = _holds[id];
        var charged = hold.Byok ? 0 : Priced(cost, Granted - (Used - hold.Charged));
        charged = Math.Max(charged, hold.Charged - Math.Min(Used, UsedBy(hold.Who, hold.Month)));
        Charge(hold.Who, hold.Entity, hold.Month, charged - hold.Charged);
        NeverHeld += Math.Max(0, charged - hold.Charged);
        (hold.End, hold.Charged) = ("late", charged);
        Rows++;
        return charged;
    }

    /// <summary>The numbers that a refusal names: left of cap, left of pool, the actor's own holds, left of the budget.</summary>
    public (long? Profile, long? Pool, long Mine, long? Entity) Numbers(int who, int? entity, int month) => (
        Left(caps[who], UsedBy(who, month)),
        overageRate is null ? Math.Max(0, Granted - Used) : null,
        HeldBy(who, month),
        entity is { } named ? Left(budgets[named], UsedFor(named, month)) : null);

    /// <summary>L2: nothing was held that is not covered.</summary>
    public bool Overspent => overageRate is null && Used + Held > Granted + Slush + NeverHeld;

    private static long? Left(long? limit, long used) => limit is null ? null : Math.Max(0, limit.Value - used);

    private string? Check(int who, int? entity, int month, long? cap, long amount)
    {
        if (Over(cap, UsedBy(who, month), HeldBy(who, month), amount) is { } byCap)
        {
            return "CREDIT_LIMIT" + byCap;
        }

        if (entity is { } named && Over(budgets[named], UsedFor(named, month), HeldFor(named, month), amount) is { } byBudget)
        {
            return "ENTITY_BUDGET" + byBudget;
        }

        return overageRate is null && amount > 0 && Over(Granted + Slush, Used, Held, amount, zeroStops: false) is { } byPool
            ? "POOL_EXHAUSTED" + byPool
            : null;
    }

    private static string? Over(long? limit, long used, long held, long price, bool zeroStops = true) => limit switch
    {
        null => null,
        0 when zeroStops => "",
        _ when price == 0 || used + held + price <= limit => null,
        _ => used + price <= limit ? " later" : "",
    };

    /// <summary>What an operation can cost at the most: all of it beyond the included credits, or none.</summary>
    public long Most(long amount) => overageRate is { } rate ? Math.Max(amount, (long)Math.Ceiling(amount * rate)) : amount;

    private long Priced(long cost, long included) => overageRate is not { } rate
        ? cost
        : Math.Min(cost, Math.Max(0, included)) + (long)Math.Ceiling(Math.Max(0, cost - Math.Max(0, included)) * rate);

    private void Charge(int who, int? entity, int month, long amount) => _charges.Add((who, entity, month, amount));

    private sealed class Operation
    {
        public required int Who { get; init; }

        public required int? Entity { get; init; }

        public required int Month { get; init; }

        public required bool Byok { get; init; }

        public required long? Cap { get; init; }

        public required long Amount { get; set; }

        public string? End { get; set; }

        public long Charged { get; set; }
    }
}
