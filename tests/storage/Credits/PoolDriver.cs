using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>Plays the owner of a tenant's ledger: collects a batch line by line, numbers it, commits it.</summary>
public sealed class PoolDriver(ILedger ledger, string tenant = "acme")
{
    public static readonly DateOnly May20 = new(2026, 5, 20);

    private readonly Dictionary<HoldId, Hold> _open = [];
    private readonly List<HoldId> _fresh = [];
    private LedgerBatch _batch = null!;

    public TenantId Tenant { get; } = new(tenant);

    public long Epoch { get; set; }

    public long Seq { get; set; }

    public static HoldId Id(int number) => new(new Guid(number, 0, 0, new byte[8]));

    public static Hold Taken(int number, long amount, string actor = "ann") => new(
        Id(number),
        new UserId(actor),
        new EntityRef("app", "shop:1"),
        Byok: false,
        amount,
        May20,
        Cap: 5_000,
        Gates.Entitlement | Gates.Tier | Gates.Cap | Gates.Entity | Gates.Pool,
        new Operation("ai", "gpt-5", "openai", """{"input":2}""", ChatId: "c1", Parent: Id(900)));

    public async Task<PoolOpening> TakeOver()
    {
        var opening = await ledger.TakeOverAsync(Tenant, default);
        (Epoch, Seq) = (opening.Epoch, opening.Seq);
        Begin();
        return opening;
    }

    public PoolDriver Grant(string key, long amount) =>
        Row(EntryKind.Grant, null, granted: amount, key: key);

    public PoolDriver Adjust(string key, long amount)
    {
        _batch = _batch with
        {
            Rollups = [.. _batch.Rollups, new(May20, RollupDimension.Tenant, string.Empty, "adjustment", amount, 1, 0)],
        };
        return Row(EntryKind.Adjust, null, settled: amount, key: key);
    }

    public PoolDriver Hold(Hold hold)
    {
        _open[hold.Id] = hold;
        _fresh.Add(hold.Id);
        return Row(EntryKind.Hold, hold, held: hold.Amount);
    }

    public PoolDriver Extend(int number, long to)
    {
        var hold = _open[Id(number)];
        _open[hold.Id] = hold with { Amount = to };
        _batch = _batch with { Extended = [.. _batch.Extended, (hold.Id, to)] };
        return Row(EntryKind.Extend, hold, held: to - hold.Amount);
    }

    public PoolDriver Settle(int number, long charged, bool estimated = false) =>
        Resolve(EntryKind.Settle, ResolutionKind.Settled, number, charged, estimated);

    /// <summary>No checkpoint was found, so there is no usage to record.</summary>
    public PoolDriver ExpireUnheard(int number)
    {
        var hold = Close(number);
        return Row(EntryKind.Expire, hold, held: -hold.Amount);
    }

    public PoolDriver Expire(int number, long charged) =>
        Resolve(EntryKind.Expire, ResolutionKind.Expired, number, charged, estimated: true);

    public PoolDriver Void(int number)
    {
        var hold = Close(number);
        return Row(EntryKind.Void, hold, held: -hold.Amount);
    }

    public PoolDriver LateSettle(Hold hold, long difference)
    {
        Row(EntryKind.LateSettle, hold, settled: difference);
        return Event(hold, ResolutionKind.LateSettled, difference, estimated: false);
    }

    public PoolDriver With(Func<LedgerBatch, LedgerBatch> change)
    {
        _batch = change(_batch);
        return this;
    }

    public async Task Commit()
    {
        var batch = _batch with { Opened = [.. _fresh.Where(_open.ContainsKey).Select(id => _open[id])] };
        _fresh.Clear();
        Begin();
        await ledger.CommitAsync(batch, default);
    }

    private void Begin() => _batch = new LedgerBatch(Tenant, Epoch, [], [], [], [], [], [], null, []);

    private PoolDriver Resolve(EntryKind kind, ResolutionKind resolution, int number, long charged, bool estimated)
    {
        var hold = Close(number);
        Row(kind, hold, held: -hold.Amount, settled: charged);
        return Event(hold, resolution, charged, estimated);
    }

    private Hold Close(int number)
    {
        _open.Remove(Id(number), out var hold);
        if (!_fresh.Contains(hold!.Id))
        {
            _batch = _batch with { Closed = [.. _batch.Closed, hold.Id] };
        }

        return hold;
    }

    private PoolDriver Row(
        EntryKind kind, Hold? hold, long granted = 0, long held = 0, long settled = 0, string? key = null)
    {
        var entry = new LedgerEntry(
            ++Seq, kind, hold?.Id, key, granted, held, settled, May20, hold?.Actor, hold?.Entity, "test",
            kind == EntryKind.Hold ? hold : null);
        _batch = _batch with { Entries = [.. _batch.Entries, entry] };
        return this;
    }

    private PoolDriver Event(Hold hold, ResolutionKind kind, long charged, bool estimated)
    {
        // A late settlement corrects an operation that was counted when it expired.
        var usage = new TokenUsage(10, 20, 30, 4, 5, 6, 1);
        var (events, tokens) = kind == ResolutionKind.LateSettled ? (0, 0) : (1, usage.Total);
        UsageRollup Rollup(RollupDimension dimension, string key) =>
            new(hold.Day, dimension, key, "ai", charged, events, tokens);
        _batch = _batch with
        {
            Events =
            [
                .. _batch.Events,
                new UsageEvent(Seq, hold, kind, "gpt-5-mini", usage, """{"total":69}""", charged, estimated, "stop"),
            ],
            Rollups =
            [
                .. _batch.Rollups,
                Rollup(RollupDimension.Tenant, string.Empty),
                Rollup(RollupDimension.Actor, hold.Actor.Value),
                Rollup(RollupDimension.Entity, Scope.KeyOf(hold.Entity!)),
                Rollup(RollupDimension.Model, "gpt-5-mini"),
            ],
        };
        return this;
    }
}
