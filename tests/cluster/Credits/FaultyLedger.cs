using System.Collections.Concurrent;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>A real ledger whose next commits and reads go wrong as the test says; it remembers what reached it.</summary>
internal sealed class FaultyLedger(ILedger ledger) : ILedger
{
    private readonly ConcurrentQueue<Func<Func<Task>, Task>> _commits = new();
    private HeldStep? _lateRead;
    private HeldStep? _gate;
    private int _atGate;
    private int _unreadable;
    private int _takeOvers;

    /// <summary>The batches whose commit was begun, in order.</summary>
    public ConcurrentQueue<LedgerBatch> Batches { get; } = new();

    /// <summary>The months that were read, in order.</summary>
    public ConcurrentQueue<Scope> ScopeReads { get; } = new();

    /// <summary>How many activations have become owners.</summary>
    public int TakeOvers => Volatile.Read(ref _takeOvers);

    /// <summary>The next commit is not written.</summary>
    public void FailNext() => _commits.Enqueue(_ => throw new IOException("The disk is gone."));

    /// <summary>The next commit is written and its confirmation lost.</summary>
    public void LoseNextConfirmation() => _commits.Enqueue(async commit =>
    {
        await commit();
        throw new IOException("The connection broke.");
    });

    /// <summary>The next commit is never answered, written or not.</summary>
    public void NeverAnswerNext(bool written) => _commits.Enqueue(async commit =>
    {
        await (written ? commit() : Task.CompletedTask);
        await new TaskCompletionSource().Task;
    });

    /// <summary>The next commit waits for the test.</summary>
    public HeldStep HoldNext()
    {
        var held = new HeldStep();
        _commits.Enqueue(held.Pass);
        return held;
    }

    /// <summary>The next read reads at once and is answered when the test says so.</summary>
    public HeldStep DelayNextRead()
    {
        var held = new HeldStep();
        Volatile.Write(ref _lateRead, held);
        return held;
    }

    /// <summary>From now on reads are answered together, when so many wait.</summary>
    public void GateReads(int count)
    {
        Volatile.Write(ref _atGate, count);
        Volatile.Write(ref _gate, new HeldStep());
    }

    /// <summary>The next reads fail.</summary>
    public void FailReads(int times) => Volatile.Write(ref _unreadable, times);

    public Task<PoolOpening> TakeOverAsync(TenantId tenant, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _takeOvers);
        return ledger.TakeOverAsync(tenant, cancellation);
    }

    public Task CommitAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        Batches.Enqueue(batch);
        return _commits.TryDequeue(out var fault)
            ? fault(() => ledger.CommitAsync(batch, cancellation))
            : ledger.CommitAsync(batch, cancellation);
    }

    public Task<ScopeTotals> ReadScopeAsync(TenantId tenant, Scope scope, CancellationToken cancellation)
    {
        ScopeReads.Enqueue(scope);
        return Read(() => ledger.ReadScopeAsync(tenant, scope, cancellation));
    }

    public Task<Resolution?> FindResolutionAsync(TenantId tenant, HoldId hold, CancellationToken cancellation) =>
        Read(() => ledger.FindResolutionAsync(tenant, hold, cancellation));

    public Task<bool> HasKeyAsync(TenantId tenant, string key, CancellationToken cancellation) =>
        Read(() => ledger.HasKeyAsync(tenant, key, cancellation));

    public Task<IReadOnlyList<Evidence>> ReadEvidenceAsync(
        TenantId tenant, IReadOnlyList<HoldId> holds, CancellationToken cancellation) =>
        Read(() => ledger.ReadEvidenceAsync(tenant, holds, cancellation));

    public Task<IReadOnlyList<TenantId>> TenantsWithOpenHoldsAsync(CancellationToken cancellation) =>
        Read(() => ledger.TenantsWithOpenHoldsAsync(cancellation));

    private async Task<T> Read<T>(Func<Task<T>> read)
    {
        if (Interlocked.Decrement(ref _unreadable) >= 0)
        {
            throw new IOException("The ledger cannot be read.");
        }

        var late = Interlocked.Exchange(ref _lateRead, null);
        var found = await read();
        await (late?.Pass() ?? Task.CompletedTask);
        if (Volatile.Read(ref _gate) is { } gate)
        {
            if (Interlocked.Decrement(ref _atGate) == 0)
            {
                gate.Release();
            }

            await gate.Pass();
        }

        return found;
    }
}

/// <summary>A step of the ledger that waits for the test.</summary>
internal sealed class HeldStep
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the step has been reached.</summary>
    public Task Begun => _begun.Task;

    public void Release() => _released.TrySetResult();

    /// <summary>Lets it fail without having written anything.</summary>
    public void Fail() => _released.TrySetException(new IOException("The disk is gone."));

    internal async Task Pass(Func<Task>? step = null)
    {
        _begun.TrySetResult();
        await _released.Task;
        await (step?.Invoke() ?? Task.CompletedTask);
    }
}
