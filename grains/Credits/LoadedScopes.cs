namespace Informer.Ai.Credits;

/// <summary>
/// Which months of actors and entities a pool has in memory, since when each was last of use, and the limits that
/// were set here. Concurrent loads of one share a read, so that an old sum cannot come after a newer one was
/// forgotten.
/// </summary>
internal sealed class LoadedScopes(TimeProvider time)
{
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(10);

    private readonly Dictionary<Scope, Task<ScopeTotals>> _loading = [];
    private readonly Dictionary<Scope, (long At, long Seq)> _used = [];
    private readonly Dictionary<string, long?> _limits = [];

    /// <summary>Reads a scope, or joins who reads it already.</summary>
    public async Task<ScopeTotals> Loading(Scope scope, Func<Task<ScopeTotals>> read)
    {
        if (_loading.TryGetValue(scope, out var under))
        {
            return await under;
        }

        var reading = read();
        _loading.Add(scope, reading);
        try
        {
            return await reading;
        }
        finally
        {
            _loading.Remove(scope);
        }
    }

    /// <summary>An entity's budget was set: a read that began before knows only the old one.</summary>
    public void Limit(Scope scope, long? microCredits) => _limits[scope.Key] = microCredits;

    /// <summary>What was read, with the limit that was set here since.</summary>
    public ScopeTotals WithLimit(Scope scope, ScopeTotals read) =>
        scope.Kind == ScopeKind.Entity && _limits.TryGetValue(scope.Key, out var limit) ? read with { Limit = limit } : read;

    /// <summary>It is needed for a row that will have at most this number.</summary>
    public void Used(Scope scope, long seq) => _used[scope] = (time.GetTimestamp(), seq);

    /// <summary>Those that nobody needed for a while, and whose rows are all durable.</summary>
    public IEnumerable<Scope> Idle(long durableSeq) =>
        from scope in _used
        where scope.Value.Seq <= durableSeq && time.GetElapsedTime(scope.Value.At) >= IdleAfter
        select scope.Key;

    public void Forget(IEnumerable<Scope> scopes)
    {
        foreach (var scope in scopes)
        {
            _used.Remove(scope);
        }
    }
}
