using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>Commands that wait for the same commit, and what it will write.</summary>
internal sealed class OpenBatch
{
    private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<LedgerEntry> _entries = [];
    private readonly List<UsageEvent> _events = [];
    private readonly Dictionary<HoldId, Hold> _opened = [];
    private readonly Dictionary<HoldId, long> _extended = [];
    private readonly List<HoldId> _closed = [];
    private readonly Dictionary<EntityRef, EntityBudget> _budgets = [];
    private readonly Dictionary<(DateOnly, RollupDimension, string, string), UsageRollup> _rollups = [];
    private PoolPolicy? _policy;
    private bool _confirms;

    /// <summary>Ends when the batch is durable; fails when that is not known.</summary>
    public Task Committed => _committed.Task;

    /// <summary>Somebody waits, perhaps only for what an earlier batch wrote.</summary>
    public bool Awaited { get; private set; }

    /// <summary>How many ledger rows wait in it.</summary>
    public int Rows => _entries.Count;

    /// <summary>Nobody waits for the database: there is nothing to write, and nothing to be confirmed.</summary>
    public bool IsEmpty => _entries.Count == 0 && _policy is null && _budgets.Count == 0 && !_confirms;

    /// <summary>Joins without writing: the answer rests on rows that are not durable yet.</summary>
    public Task Join()
    {
        Awaited = true;
        return Committed;
    }

    /// <summary>
    /// Joins, and has the batch committed even if it is empty: the answer rests on what was not written, and only the
    /// tenant's owner knows that. One that was replaced is fenced off instead of answering.
    /// </summary>
    public Task Confirm()
    {
        _confirms = true;
        return Join();
    }

    public Task Add(PoolPolicy policy)
    {
        _policy = policy;
        return Join();
    }

    public Task Add(EntityBudget budget)
    {
        _budgets[budget.Entity] = budget;
        return Join();
    }

    public Task Add(LedgerEntry entry, Hold? hold, UsageEvent? usage)
    {
        _entries.Add(entry);
        switch (entry.Kind)
        {
            case EntryKind.Hold:
                _opened.Add(hold!.Id, hold);
                break;
            case EntryKind.Extend when _opened.ContainsKey(hold!.Id):
                _opened[hold.Id] = hold;
                break;
            case EntryKind.Extend:
                _extended[hold.Id] = hold.Amount;
                break;
            case EntryKind.Settle or EntryKind.Void or EntryKind.Expire:
                Close(hold!.Id);
                break;
            case EntryKind.Adjust:
                Roll(entry.Day, RollupDimension.Tenant, "", "adjustment", entry.Settled, 1, 0);
                Roll(entry.Day, RollupDimension.Actor, entry.Actor?.Value, "adjustment", entry.Settled, 1, 0);
                break;
            case EntryKind.Grant or EntryKind.LateSettle:
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        if (usage is not null)
        {
            _events.Add(usage);
            Roll(usage);
        }

        return Join();
    }

    public LedgerBatch Seal(TenantId tenant, long epoch) => new(
        tenant,
        epoch,
        _entries,
        [.. _opened.Values],
        [.. _extended.Select(hold => (hold.Key, hold.Value))],
        _closed,
        _events,
        [.. _rollups.Values],
        _policy,
        [.. _budgets.Values]);

    public void Complete() => _committed.TrySetResult();

    public void Fail(Exception failure)
    {
        _committed.TrySetException(failure);
        // Nobody may be waiting; the failure is logged where it happened.
        _ = _committed.Task.Exception;
    }

    private void Close(HoldId hold)
    {
        _extended.Remove(hold);
        if (!_opened.Remove(hold))
        {
            _closed.Add(hold);
        }
    }

    private void Roll(UsageEvent usage)
    {
        var (day, resource) = (usage.Hold.Day, usage.Hold.Operation.ResourceType);
        // A late settlement corrects an operation that was counted when it expired.
        var (events, tokens) = usage.Kind == ResolutionKind.LateSettled ? (0, 0) : (1, usage.Usage.Total);
        var entity = usage.Hold.Entity is { } named ? Scope.KeyOf(named) : null;
        Roll(day, RollupDimension.Tenant, "", resource, usage.Charged, events, tokens);
        Roll(day, RollupDimension.Actor, usage.Hold.Actor.Value, resource, usage.Charged, events, tokens);
        Roll(day, RollupDimension.Entity, entity, resource, usage.Charged, events, tokens);
        Roll(day, RollupDimension.Model, usage.ModelId, resource, usage.Charged, events, tokens);
    }

    private void Roll(
        DateOnly day, RollupDimension dimension, string? key, string resource, long charged, long events, long tokens)
    {
        if (key is null)
        {
            return;
        }

        var sum = _rollups.GetValueOrDefault((day, dimension, key, resource))
            ?? new UsageRollup(day, dimension, key, resource, 0, 0, 0);
        _rollups[(day, dimension, key, resource)] = sum with
        {
            Charged = sum.Charged + charged,
            Events = sum.Events + events,
            Tokens = sum.Tokens + tokens,
        };
    }
}
