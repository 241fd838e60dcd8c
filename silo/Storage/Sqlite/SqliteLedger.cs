using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using Microsoft.Data.Sqlite;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>
/// The ledger in the embedded database. A batch is one job of the group commit, so it is written whole or not at
/// all, and tenants share a sync to disk. The database's clock is the process's: only one process has the file.
/// </summary>
public sealed class SqliteLedger(SqliteDatabase database, TimeProvider time) : ILedger
{
    public Task<PoolOpening> TakeOverAsync(TenantId tenant, CancellationToken cancellation) =>
        database.WriteAsync(session => TakeOver(session, tenant), cancellation);

    public Task CommitAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        batch.RequireGapFree();
        return database.WriteAsync(session => Commit(session, batch), cancellation);
    }

    public Task<ScopeTotals> ReadScopeAsync(TenantId tenant, Scope scope, CancellationToken cancellation) =>
        database.ReadAsync(session => ReadScope(session, tenant, scope), cancellation);

    public Task<Resolution?> FindResolutionAsync(TenantId tenant, HoldId hold, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query(
                LedgerSql.FindResolution,
                row => ToResolution(row, hold),
                ("@tenant", tenant.Value),
                ("@hold", hold.Value.ToColumn())).SingleOrDefault(),
            cancellation);

    public Task<bool> HasKeyAsync(TenantId tenant, string key, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Number(LedgerSql.HasKey, ("@tenant", tenant.Value), ("@key", key)) == 1, cancellation);

    public Task<IReadOnlyList<Evidence>> ReadEvidenceAsync(
        TenantId tenant, IReadOnlyList<HoldId> holds, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<Evidence>>(
            session => session.Query(
                LedgerSql.Evidence,
                row => new Evidence(
                    new HoldId(row.Id(0)), AgeOfSign(row.GetInt64(1)), row.GetInt64(2), row.Usage(3)),
                ("@tenant", tenant.Value),
                ("@holds", StoredJson.Of([.. holds.Select(hold => hold.Value.ToColumn())]))),
            cancellation);

    public Task<IReadOnlyList<TenantId>> TenantsWithOpenHoldsAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<TenantId>>(
            session => session.Query(LedgerSql.TenantsWithOpenHolds, row => new TenantId(row.GetString(0))),
            cancellation);

    private static ScopeTotals ReadScope(SqliteSession session, TenantId tenant, Scope scope)
    {
        var first = DateOnly.FromDateTime(scope.Period.Start.UtcDateTime);
        var ofEntity = scope.Kind == ScopeKind.Entity;
        var charged = session.Number(
            LedgerSql.ScopeCharged,
            ("@tenant", tenant.Value),
            ("@dimension", LedgerNames.Of(scope.Kind)),
            ("@key", scope.Key),
            ("@from", first.ToColumn()),
            ("@until", first.AddMonths(1).ToColumn()));
        return new ScopeTotals(charged, ofEntity ? ReadBudget(session, tenant, scope.Key) : null);
    }

    private static long? ReadBudget(SqliteSession session, TenantId tenant, string key)
    {
        // An entity's type has no colon in it, its id may.
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return session.Query(
            LedgerSql.Budget,
            row => row.NumberOrNull(0),
            ("@tenant", tenant.Value),
            ("@entityType", key[..colon]),
            ("@entityId", key[(colon + 1)..])).SingleOrDefault();
    }

    private static Resolution ToResolution(SqliteDataReader row, HoldId hold)
    {
        var late = row.NumberOrNull(5);
        var kind = LedgerNames.Resolved(row.GetString(0), late is not null);
        var origin = StoredJson.ToHold(row.GetString(4));

        // What the resolution released is what was held in the end, extensions included. A hold on the tenant's
        // own key holds nothing in the pool.
        return new Resolution(
            hold,
            kind,
            row.GetInt64(2) + (late ?? 0),
            row.IsDBNull(6) ? row.Flag(3) : row.Flag(6),
            origin.Byok ? origin : origin with { Amount = -row.GetInt64(1) });
    }

    private PoolOpening TakeOver(SqliteSession session, TenantId tenant)
    {
        var first = new PoolPolicy();
        var opening = session.Query(
            LedgerSql.TakeOver,
            row => new PoolOpening(
                row.GetInt64(0),
                row.GetInt64(1),
                row.GetInt64(2),
                row.GetInt64(3),
                new PoolPolicy(row.GetInt32(4), row.Flag(5), row.GetInt64(6)),
                []),
            ("@tenant", tenant.Value),
            ("@slushPermille", (long)first.SlushPermille),
            ("@payAsYouGo", first.PayAsYouGo.ToColumn()),
            ("@overageRate", first.OverageRate)).Single();
        var holds = session.Query(
            LedgerSql.OpenHolds,
            row => new OpenHold(
                StoredJson.ToHold(row.GetString(0)) with { Amount = row.GetInt64(1) }, AgeOf(row.GetInt64(2))),
            ("@tenant", tenant.Value));
        return opening with { Holds = holds };
    }

    private void Commit(SqliteSession session, LedgerBatch batch)
    {
        var now = time.GetUtcNow().ToMicroseconds();
        Advance(session, batch);
        AppendEntries(session, batch, now);
        MoveHolds(session, batch, now);
        foreach (var used in batch.Events)
        {
            AppendEvent(session, batch.Tenant, used, now);
        }

        foreach (var rollup in batch.Rollups)
        {
            session.Execute(
                LedgerSql.AddToRollup,
                ("@tenant", batch.Tenant.Value),
                ("@dimension", LedgerNames.Of(rollup.Dimension)),
                ("@key", rollup.Key),
                ("@day", rollup.Day.ToColumn()),
                ("@resourceType", rollup.ResourceType),
                ("@charged", rollup.Charged),
                ("@events", rollup.Events),
                ("@tokens", rollup.Tokens));
        }

        foreach (var budget in batch.Budgets)
        {
            session.Execute(
                LedgerSql.SetBudget,
                ("@tenant", batch.Tenant.Value),
                ("@entityType", budget.Entity.Type),
                ("@entityId", budget.Entity.Id),
                ("@microCredits", budget.MicroCredits));
        }
    }

    private static void Advance(SqliteSession session, LedgerBatch batch)
    {
        var advanced = session.Execute(
            LedgerSql.Advance,
            ("@tenant", batch.Tenant.Value),
            ("@epoch", batch.Epoch),
            ("@count", (long)batch.Entries.Count),
            ("@before", batch.Entries.Count == 0 ? null : batch.Entries[0].Seq - 1),
            ("@granted", batch.Entries.Sum(entry => entry.Granted)),
            ("@held", batch.Entries.Sum(entry => entry.Held)),
            ("@settled", batch.Entries.Sum(entry => entry.Settled)),
            ("@slushPermille", (long?)batch.Policy?.SlushPermille),
            ("@payAsYouGo", batch.Policy?.PayAsYouGo.ToColumn()),
            ("@overageRate", batch.Policy?.OverageRate));
        if (advanced == 0)
        {
            throw new LedgerFencedException();
        }
    }

    private static void AppendEntries(SqliteSession session, LedgerBatch batch, long now)
    {
        var taken = batch.Taken();
        foreach (var entry in batch.Entries)
        {
            var origin = entry.OriginOf(taken);
            session.Execute(
                LedgerSql.AppendEntry,
                ("@tenant", batch.Tenant.Value),
                ("@seq", entry.Seq),
                ("@epoch", batch.Epoch),
                ("@kind", LedgerNames.Of(entry.Kind)),
                ("@hold", entry.Hold?.Value.ToColumn()),
                ("@key", entry.Key),
                ("@granted", entry.Granted),
                ("@held", entry.Held),
                ("@settled", entry.Settled),
                ("@day", entry.Day.ToColumn()),
                ("@actor", entry.Actor?.Value),
                ("@entityType", entry.Entity?.Type),
                ("@entityId", entry.Entity?.Id),
                ("@reason", entry.Reason),
                ("@origin", origin is null ? null : StoredJson.Of(origin)),
                ("@now", now));
        }
    }

    private static void MoveHolds(SqliteSession session, LedgerBatch batch, long now)
    {
        var tenant = batch.Tenant.Value;
        if (batch.Opened.Count > 0)
        {
            var rows = batch.Entries.Where(entry => entry.Kind == EntryKind.Hold)
                .ToDictionary(entry => entry.Hold!.Value, entry => entry.Seq);
            foreach (var hold in batch.Opened)
            {
                session.Execute(
                    LedgerSql.OpenHold,
                    ("@tenant", tenant),
                    ("@hold", hold.Id.Value.ToColumn()),
                    ("@seq", rows[hold.Id]),
                    ("@amount", hold.Amount),
                    ("@now", now));
            }
        }

        foreach (var (hold, amount) in batch.Extended)
        {
            RequireOpen(hold, session.Execute(
                LedgerSql.ExtendHold,
                ("@tenant", tenant),
                ("@hold", hold.Value.ToColumn()),
                ("@amount", amount),
                ("@now", now)));
        }

        foreach (var hold in batch.Closed)
        {
            RequireOpen(hold, session.Execute(
                LedgerSql.CloseHold, ("@tenant", tenant), ("@hold", hold.Value.ToColumn())));
        }
    }

    /// <summary>A batch that moves a hold which is not open contradicts the ledger: nothing of it is written.</summary>
    private static void RequireOpen(HoldId hold, int rows)
    {
        if (rows == 0)
        {
            throw new InvalidOperationException($"Hold {hold} is not open.");
        }
    }

    private static void AppendEvent(SqliteSession session, TenantId tenant, UsageEvent used, long now)
    {
        var hold = used.Hold;
        session.Execute(
            LedgerSql.AppendEvent,
            ("@tenant", tenant.Value),
            ("@seq", used.Seq),
            ("@hold", hold.Id.Value.ToColumn()),
            ("@kind", LedgerNames.Of(used.Kind)),
            ("@day", hold.Day.ToColumn()),
            ("@actor", hold.Actor.Value),
            ("@entityType", hold.Entity?.Type),
            ("@entityId", hold.Entity?.Id),
            ("@byok", hold.Byok.ToColumn()),
            ("@held", hold.Amount),
            ("@cap", hold.Cap),
            ("@gates", (long)hold.Gates),
            ("@resourceType", hold.Operation.ResourceType),
            ("@model", used.ModelId),
            ("@heldModel", hold.Operation.ModelId),
            ("@provider", used.ProviderId),
            ("@priceVersion", used.PriceVersion),
            ("@chat", hold.Operation.ChatId),
            ("@parent", hold.Operation.Parent?.Value.ToColumn()),
            ("@input", used.Usage.Input),
            ("@output", used.Usage.Output),
            ("@cacheRead", used.Usage.CacheRead),
            ("@cacheWriteShort", used.Usage.CacheWriteShort),
            ("@cacheWriteLong", used.Usage.CacheWriteLong),
            ("@reasoning", used.Usage.Reasoning),
            ("@images", used.Usage.Images),
            ("@rawUsage", used.RawUsage),
            ("@charged", used.Charged),
            ("@estimated", used.Estimated.ToColumn()),
            ("@finishReason", used.FinishReason),
            ("@now", now));
    }

    /// <summary>Never negative: a clock that was set back makes a hold young, not unborn.</summary>
    // A sign of life from the future was given before the clock was set back: it would be fresh until then.
    private TimeSpan AgeOfSign(long microseconds) =>
        time.GetUtcNow().ToMicroseconds() < microseconds ? TimeSpan.FromDays(366) : AgeOf(microseconds);

    private TimeSpan AgeOf(long microseconds) =>
        TimeSpan.FromMicroseconds(Math.Max(0, time.GetUtcNow().ToMicroseconds() - microseconds));
}
