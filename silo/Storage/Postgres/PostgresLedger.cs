using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Informer.Ai.Storage.Postgres;

/// <summary>
/// The ledger in Postgres. A batch is one statement, and so one round trip and one transaction. A connection is
/// taken for a statement and given back: none is kept while anything else is waited for. Ages are told by the
/// database's clock.
/// </summary>
public sealed class PostgresLedger(NpgsqlDataSource source) : ILedger
{
    // A sign of life from the future was given before the clock was set back: it would be fresh until then.
    private static readonly TimeSpan Ancient = TimeSpan.FromDays(366);

    public async Task<PoolOpening> TakeOverAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var opening = await TakeOver(connection, tenant, cancellation);
        var holds = await OpenHolds(connection, tenant, cancellation);
        await transaction.CommitAsync(cancellation);
        return opening with { Holds = holds };
    }

    public async Task CommitAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        batch.RequireGapFree();
        await using var command = source.CreateCommand(LedgerSql.Commit);
        LedgerCommit.Bind(command, batch);
        try
        {
            if (await command.ExecuteScalarAsync(cancellation) is null)
            {
                throw new LedgerFencedException();
            }
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.IntegrityConstraintViolation)
        {
            throw new InvalidOperationException(refused.MessageText, refused);
        }
    }

    public async Task<ScopeTotals> ReadScopeAsync(TenantId tenant, Scope scope, CancellationToken cancellation)
    {
        var first = DateOnly.FromDateTime(scope.Period.Start.UtcDateTime);
        // An entity's type has no colon in it, its id may. An actor has no budget.
        var colon = scope.Kind == ScopeKind.Entity ? scope.Key.IndexOf(':', StringComparison.Ordinal) : -1;
        await using var command = source.CreateCommand(LedgerSql.ScopeCharged);
        command
            .Text(tenant.Value)
            .Text(LedgerNames.Of(scope.Kind))
            .Text(scope.Key)
            .Day(first)
            .Day(first.AddMonths(1))
            .Text(colon < 0 ? null : scope.Key[..colon])
            .Text(colon < 0 ? null : scope.Key[(colon + 1)..]);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new ScopeTotals(row.GetInt64(0), row.NumberOrNull(1));
    }

    public async Task<Resolution?> FindResolutionAsync(TenantId tenant, HoldId hold, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(LedgerSql.FindResolution);
        command.Text(tenant.Value).Id(hold.Value);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? ToResolution(row, hold) : null;
    }

    public async Task<bool> HasKeyAsync(TenantId tenant, string key, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(LedgerSql.HasKey);
        command.Text(tenant.Value).Text(key);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<IReadOnlyList<Evidence>> ReadEvidenceAsync(
        TenantId tenant, IReadOnlyList<HoldId> holds, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(LedgerSql.Evidence);
        command.Text(tenant.Value).Column(NpgsqlDbType.Uuid, holds, hold => hold.Value);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        List<Evidence> found = [];
        while (await row.ReadAsync(cancellation))
        {
            var age = row.GetTimeSpan(1);
            found.Add(new Evidence(
                new HoldId(row.GetGuid(0)), age < TimeSpan.Zero ? Ancient : age, row.GetInt64(2), row.Usage(3)));
        }

        return found;
    }

    public async Task<IReadOnlyList<TenantId>> TenantsWithOpenHoldsAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(LedgerSql.TenantsWithOpenHolds);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        List<TenantId> tenants = [];
        while (await row.ReadAsync(cancellation))
        {
            tenants.Add(new TenantId(row.GetString(0)));
        }

        return tenants;
    }

    private static async Task<PoolOpening> TakeOver(
        NpgsqlConnection connection, TenantId tenant, CancellationToken cancellation)
    {
        var first = new PoolPolicy();
        await using var command = new NpgsqlCommand(LedgerSql.TakeOver, connection);
        command
            .Text(tenant.Value)
            .With(NpgsqlDbType.Integer, first.SlushPermille)
            .With(NpgsqlDbType.Boolean, first.PayAsYouGo)
            .Number(first.OverageRate);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new PoolOpening(
            row.GetInt64(0),
            row.GetInt64(1),
            row.GetInt64(2),
            row.GetInt64(3),
            new PoolPolicy(row.GetInt32(4), row.GetBoolean(5), row.GetInt64(6)),
            []);
    }

    private static async Task<List<OpenHold>> OpenHolds(
        NpgsqlConnection connection, TenantId tenant, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(LedgerSql.OpenHolds, connection);
        command.Text(tenant.Value);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        List<OpenHold> holds = [];
        while (await row.ReadAsync(cancellation))
        {
            var age = row.GetTimeSpan(2);
            holds.Add(new OpenHold(
                StoredJson.ToHold(row.GetString(0)) with { Amount = row.GetInt64(1) },
                age < TimeSpan.Zero ? TimeSpan.Zero : age));
        }

        return holds;
    }

    private static Resolution ToResolution(NpgsqlDataReader row, HoldId hold)
    {
        var late = row.NumberOrNull(5);
        var origin = StoredJson.ToHold(row.GetString(4));

        // What the resolution released is what was held in the end, extensions included. A hold on the tenant's
        // own key holds nothing in the pool.
        return new Resolution(
            hold,
            LedgerNames.Resolved(row.GetString(0), late is not null),
            row.GetInt64(2) + (late ?? 0),
            row.GetBoolean(row.IsDBNull(6) ? 3 : 6),
            origin.Byok ? origin : origin with { Amount = -row.GetInt64(1) });
    }
}
