using System.Globalization;
using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using Microsoft.Data.Sqlite;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>
/// The second book of the ledger in the embedded database. It is read beside the writer, so that commits go on,
/// and written as one short job.
/// </summary>
public sealed class SqliteLedgerAudit(SqliteDatabase database, TimeProvider time) : ILedgerAudit
{
    public Task<AuditReading> ReadAsync(
        TenantId tenant, bool full, IReadOnlyList<Scope> scopes, CancellationToken cancellation) =>
        database.ReadAsync(session => Read(session, tenant, full, scopes), cancellation);

    public Task<bool> RecordAsync(AuditReading reading, string? failure, CancellationToken cancellation) =>
        database.WriteAsync(session => Record(session, reading, failure), cancellation);

    public Task<string?> FindFailureAsync(TenantId tenant, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query(AuditSql.Failure, row => row.TextOrNull(0), ("@tenant", tenant.Value)).SingleOrDefault(),
            cancellation);

    public Task<IReadOnlyList<TenantId>> TenantsToVerifyAsync(CancellationToken cancellation) =>
        Tenants(AuditSql.TenantsToVerify, cancellation);

    public Task<IReadOnlyList<TenantId>> TenantsAsync(CancellationToken cancellation) =>
        Tenants(AuditSql.Tenants, cancellation);

    public Task<IReadOnlyList<UsageRollup>> RebuildRollupsAsync(TenantId tenant, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<UsageRollup>>(session => RebuildRollups(session, tenant), cancellation);

    private static AuditReading Read(SqliteSession session, TenantId tenant, bool full, IReadOnlyList<Scope> scopes)
    {
        var (epoch, pool, stored, passes) = session.Query(
            AuditSql.Pool,
            row => (row.GetInt64(0), Totals(row, 1), Totals(row, 5), row.GetInt64(9)),
            ("@tenant", tenant.Value)).Single();
        var book = full ? new AuditTotals(0, 0, 0, 0) : stored;
        var (astray, firstAstray) = session.Query(
            AuditSql.EventsAstray,
            row => (row.GetInt64(0), row.GetInt64(1)),
            ("@tenant", tenant.Value),
            ("@after", book.Seq)).Single();
        return new AuditReading(
            tenant,
            full,
            epoch,
            passes,
            book,
            pool,
            session.Query(
                AuditSql.Rows,
                row => new AuditRows(
                    row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)),
                ("@tenant", tenant.Value),
                ("@after", book.Seq)).Single(),
            astray,
            firstAstray,
            session.Query(
                AuditSql.OpenHolds,
                row => (Hold: new HoldId(row.Id(0)), Amount: row.GetInt64(1)),
                ("@tenant", tenant.Value)).ToDictionary(hold => hold.Hold, hold => hold.Amount),
            session.Query(
                AuditSql.HoldMoves, ToHoldMove, ("@tenant", tenant.Value), ("@after", book.Seq), ("@lessBook", full.ToColumn())),
            session.Query(AuditSql.HoldDifferences, ToHoldMove, ("@tenant", tenant.Value)),
            session.Query(
                AuditSql.RollupMoves, ToRollup, ("@tenant", tenant.Value), ("@after", book.Seq), ("@lessBook", full.ToColumn())),
            session.Query(AuditSql.RollupDifferences, ToRollup, ("@tenant", tenant.Value)),
            scopes.ToDictionary(scope => scope, scope => Charged(session, tenant, scope)));
    }

    private static long Charged(SqliteSession session, TenantId tenant, Scope scope)
    {
        var first = DateOnly.FromDateTime(scope.Period.Start.UtcDateTime);
        return session.Number(
            LedgerSql.ScopeCharged,
            ("@tenant", tenant.Value),
            ("@dimension", LedgerNames.Of(scope.Kind)),
            ("@key", scope.Key),
            ("@from", first.ToColumn()),
            ("@until", first.AddMonths(1).ToColumn()));
    }

    private bool Record(SqliteSession session, AuditReading reading, string? failure)
    {
        // A full reading starts from nothing: when it fails, that is where the book begins again.
        var book = failure is null ? reading.Pool : reading.Book;
        var now = time.GetUtcNow().ToMicroseconds();
        var recorded = session.Execute(
            AuditSql.Record,
            ("@tenant", reading.Tenant.Value),
            ("@seq", book.Seq),
            ("@granted", book.Granted),
            ("@held", book.Held),
            ("@settled", book.Settled),
            ("@failure", failure),
            ("@failedAt", failure is null ? null : now),
            ("@now", now),
            ("@passes", reading.Passes)) == 1;
        if (recorded && failure is null)
        {
            Move(session, reading);
        }
        else if (recorded && reading.Full)
        {
            session.Execute(AuditSql.EmptyRollups, ("@tenant", reading.Tenant.Value));
            session.Execute(AuditSql.EmptyHolds, ("@tenant", reading.Tenant.Value));
        }

        return recorded;
    }

    private static void Move(SqliteSession session, AuditReading reading)
    {
        foreach (var rollup in reading.RollupMoves)
        {
            Write(session, AuditSql.MoveRollup, reading.Tenant, rollup);
        }

        foreach (var (hold, amount, open) in reading.HoldMoves)
        {
            if (open < 0)
            {
                session.Execute(
                    AuditSql.CloseHold, ("@tenant", reading.Tenant.Value), ("@hold", hold.Value.ToColumn()));
            }
            else
            {
                session.Execute(
                    AuditSql.MoveHold,
                    ("@tenant", reading.Tenant.Value),
                    ("@hold", hold.Value.ToColumn()),
                    ("@amount", amount));
            }
        }
    }

    private static List<UsageRollup> RebuildRollups(SqliteSession session, TenantId tenant)
    {
        session.Execute(AuditSql.RaiseEpoch, ("@tenant", tenant.Value));
        var errors = session.Query(
            AuditSql.RollupErrors, ToRollup, ("@tenant", tenant.Value), ("@after", 0L), ("@lessBook", true.ToColumn()));
        foreach (var error in errors)
        {
            // Not as one upsert: what is too much is taken off, and a row of less than nothing is refused.
            if (Write(session, AuditSql.CorrectRollup, tenant, error) == 0)
            {
                Write(session, AuditSql.AddRollup, tenant, error);
            }
        }

        session.Execute(AuditSql.DropEmptyRollups, ("@tenant", tenant.Value));
        return errors;
    }

    private static int Write(SqliteSession session, string statement, TenantId tenant, UsageRollup rollup) => session.Execute(
        statement,
        ("@tenant", tenant.Value),
        ("@dimension", LedgerNames.Of(rollup.Dimension)),
        ("@key", rollup.Key),
        ("@day", rollup.Day.ToColumn()),
        ("@resourceType", rollup.ResourceType),
        ("@charged", rollup.Charged),
        ("@events", rollup.Events),
        ("@tokens", rollup.Tokens));

    private static AuditTotals Totals(SqliteDataReader row, int column) =>
        new(row.GetInt64(column), row.GetInt64(column + 1), row.GetInt64(column + 2), row.GetInt64(column + 3));

    private static HoldMove ToHoldMove(SqliteDataReader row) =>
        new(new HoldId(row.Id(0)), row.GetInt64(1), row.GetInt64(2));

    private static UsageRollup ToRollup(SqliteDataReader row) => new(
        DateOnly.ParseExact(row.GetString(2), "yyyy-MM-dd", CultureInfo.InvariantCulture),
        LedgerNames.Dimension(row.GetString(0)),
        row.GetString(1),
        row.GetString(3),
        row.GetInt64(4),
        row.GetInt64(5),
        row.GetInt64(6));

    private Task<IReadOnlyList<TenantId>> Tenants(string statement, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<TenantId>>(
            session => session.Query(statement, row => new TenantId(row.GetString(0))), cancellation);
}
