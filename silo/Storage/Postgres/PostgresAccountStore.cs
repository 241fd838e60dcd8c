using Informer.Ai.Tenancy;
using Npgsql;
using static Informer.Ai.Storage.Postgres.PostgresValues;

namespace Informer.Ai.Storage.Postgres;

/// <summary>Tenants, users and tokens in Postgres.</summary>
public sealed class PostgresAccountStore(PostgresDatabase database) : IAccountStore
{
    public async Task<bool> IsEmptyAsync(CancellationToken cancellation) =>
        !(await database.Source.QueryAsync(AccountSql.HasTenants, [], row => row.GetBoolean(0), cancellation)).Single();

    public async Task AddAsync(
        StoredTenant tenant,
        IReadOnlyList<StoredUser> users,
        IReadOnlyList<StoredToken> tokens,
        CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(
            AccountSql.AddTenant,
            [
                Text("tenant", tenant.Id.Value),
                Text("name", tenant.Name),
                Flag("aiEnabled", tenant.AiEnabled),
                Moment("createdAt", tenant.CreatedAt),
            ]);
        foreach (var user in users)
        {
            batch.Add(AccountSql.AddUser, Columns(user));
        }

        foreach (var token in tokens)
        {
            batch.Add(AccountSql.AddToken, Columns(token));
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<(StoredToken Token, Principal Owner)?> FindTokenAsync(
        string tokenId, CancellationToken cancellation) =>
        (await database.Source.QueryAsync<(StoredToken, Principal)?>(
            AccountSql.FindToken, [Text("token", tokenId)], row => ToToken(row, tokenId), cancellation)).SingleOrDefault();

    private static IEnumerable<NpgsqlParameter> Columns(StoredUser user) =>
    [
        Text("tenant", user.Tenant.Value),
        Text("user", user.Id.Value),
        Text("username", user.Username),
        Text("displayName", user.DisplayName),
        Text("email", user.Email),
        Text("passwordHash", user.PasswordHash),
        Text("permissions", StoredJson.Of(user.Permissions)),
        Flag("aiCredential", user.AiCredential),
        Moment("createdAt", user.CreatedAt),
    ];

    private static IEnumerable<NpgsqlParameter> Columns(StoredToken token) =>
    [
        Text("token", token.Id),
        Text("tenant", token.Tenant.Value),
        Text("user", token.User.Value),
        Text("name", token.Name),
        Bytes("secretHash", token.SecretHash),
        Moment("expiresAt", token.ExpiresAt),
        Moment("createdAt", token.CreatedAt),
    ];

    private static (StoredToken Token, Principal Owner) ToToken(NpgsqlDataReader row, string tokenId)
    {
        var tenant = new TenantId(row.GetString(0));
        var user = new UserId(row.GetString(1));
        return (
            new StoredToken(
                tokenId,
                tenant,
                user,
                row.GetString(2),
                row.GetFieldValue<byte[]>(3),
                row.MomentOrNull(4),
                row.Moment(5)),
            new Principal(
                tenant, user, row.GetString(6), StoredJson.ToTexts(row.GetString(7)), row.GetBoolean(8), row.GetBoolean(9)));
    }
}
