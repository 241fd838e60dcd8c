using Informer.Ai.Tenancy;
using Microsoft.Data.Sqlite;

namespace Informer.Ai.Storage.Sqlite;

/// <summary>Tenants, users and tokens in the embedded database.</summary>
public sealed class SqliteAccountStore(SqliteDatabase database) : IAccountStore
{
    public Task<bool> IsEmptyAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.Number(AccountSql.HasTenants) == 0, cancellation);

    public Task AddAsync(
        StoredTenant tenant,
        IReadOnlyList<StoredUser> users,
        IReadOnlyList<StoredToken> tokens,
        CancellationToken cancellation) =>
        database.WriteAsync(session => Add(session, tenant, users, tokens), cancellation);

    public Task<(StoredToken Token, Principal Owner)?> FindTokenAsync(
        string tokenId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query<(StoredToken, Principal)?>(
                AccountSql.FindToken, row => ToToken(row, tokenId), ("@token", tokenId)).SingleOrDefault(),
            cancellation);

    private static void Add(
        SqliteSession session,
        StoredTenant tenant,
        IReadOnlyList<StoredUser> users,
        IReadOnlyList<StoredToken> tokens)
    {
        session.Execute(
            AccountSql.AddTenant,
            ("@tenant", tenant.Id.Value),
            ("@name", tenant.Name),
            ("@aiEnabled", tenant.AiEnabled.ToColumn()),
            ("@createdAt", tenant.CreatedAt.ToMicroseconds()));
        foreach (var user in users)
        {
            session.Execute(
                AccountSql.AddUser,
                ("@tenant", user.Tenant.Value),
                ("@user", user.Id.Value),
                ("@username", user.Username),
                ("@displayName", user.DisplayName),
                ("@email", user.Email),
                ("@passwordHash", user.PasswordHash),
                ("@permissions", StoredJson.Of(user.Permissions)),
                ("@aiCredential", user.AiCredential.ToColumn()),
                ("@createdAt", user.CreatedAt.ToMicroseconds()));
        }

        foreach (var token in tokens)
        {
            session.Execute(
                AccountSql.AddToken,
                ("@token", token.Id),
                ("@tenant", token.Tenant.Value),
                ("@user", token.User.Value),
                ("@name", token.Name),
                ("@secretHash", token.SecretHash),
                ("@expiresAt", token.ExpiresAt?.ToMicroseconds()),
                ("@createdAt", token.CreatedAt.ToMicroseconds()));
        }
    }

    private static (StoredToken Token, Principal Owner) ToToken(SqliteDataReader row, string tokenId)
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
                tenant, user, row.GetString(6), StoredJson.ToTexts(row.GetString(7)), row.Flag(8), row.Flag(9)));
    }
}
