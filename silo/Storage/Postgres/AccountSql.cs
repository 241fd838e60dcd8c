namespace Informer.Ai.Storage.Postgres;

/// <summary>The statements of tenants, users and tokens.</summary>
internal static class AccountSql
{
    public const string HasTenants =
        """
        SELECT EXISTS (SELECT 1 FROM tenant)
        """;

    public const string AddTenant =
        """
        INSERT INTO tenant (id, name, ai_enabled, created_at) VALUES (@tenant, @name, @aiEnabled, @createdAt)
        """;

    public const string AddUser =
        """
        INSERT INTO app_user (
            tenant, id, username, display_name, email, password_hash, permissions, ai_credential, created_at)
        VALUES (
            @tenant, @user, @username, @displayName, @email, @passwordHash, @permissions, @aiCredential, @createdAt)
        """;

    public const string AddToken =
        """
        INSERT INTO api_token (id, tenant, user_id, name, secret_hash, expires_at, created_at)
        VALUES (@token, @tenant, @user, @name, @secretHash, @expiresAt, @createdAt)
        """;

    public const string FindToken =
        """
        SELECT k.tenant, k.user_id, k.name, k.secret_hash, k.expires_at, k.created_at,
            u.username, u.permissions, u.ai_credential, t.ai_enabled
        FROM api_token k
        JOIN app_user u ON u.tenant = k.tenant AND u.id = k.user_id
        JOIN tenant t ON t.id = k.tenant
        WHERE k.id = @token AND NOT u.disabled AND NOT t.disabled
        """;
}
