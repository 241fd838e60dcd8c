using System.Collections.Concurrent;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>A real second book whose next reading can be held back; it tells what was recorded.</summary>
internal sealed class WatchedAudit(ILedgerAudit audit) : ILedgerAudit
{
    private readonly SemaphoreSlim _recorded = new(0);
    private HeldStep? _late;
    private int _readings;

    /// <summary>How many readings were begun.</summary>
    public int Readings => Volatile.Read(ref _readings);

    /// <summary>What was recorded, in order: the row, and what was wrong.</summary>
    public ConcurrentQueue<(long Seq, string? Failure)> Records { get; } = new();

    /// <summary>Waits for the next record.</summary>
    public Task Recorded() => _recorded.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>The next reading reads at once and is answered when the test says so.</summary>
    public HeldStep DelayNext()
    {
        var held = new HeldStep();
        Volatile.Write(ref _late, held);
        return held;
    }

    public async Task<AuditReading> ReadAsync(TenantId tenant, bool full, IReadOnlyList<Scope> scopes, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _readings);
        var late = Interlocked.Exchange(ref _late, null);
        var reading = await audit.ReadAsync(tenant, full, scopes, cancellation);
        await (late?.Pass() ?? Task.CompletedTask);
        return reading;
    }

    public async Task<bool> RecordAsync(AuditReading reading, string? failure, CancellationToken cancellation)
    {
        var recorded = await audit.RecordAsync(reading, failure, cancellation);
        Records.Enqueue((reading.Pool.Seq, failure));
        _recorded.Release();
        return recorded;
    }

    public Task<string?> FindFailureAsync(TenantId tenant, CancellationToken cancellation) => audit.FindFailureAsync(tenant, cancellation);

    public Task<IReadOnlyList<TenantId>> TenantsToVerifyAsync(CancellationToken cancellation) => audit.TenantsToVerifyAsync(cancellation);

    public Task<IReadOnlyList<TenantId>> TenantsAsync(CancellationToken cancellation) => audit.TenantsAsync(cancellation);

    public Task<IReadOnlyList<UsageRollup>> RebuildRollupsAsync(TenantId tenant, CancellationToken cancellation) =>
        audit.RebuildRollupsAsync(tenant, cancellation);
}
