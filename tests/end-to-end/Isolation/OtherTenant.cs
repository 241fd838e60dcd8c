using System.Net.Http.Headers;

namespace Informer.Ai.Isolation;

/// <summary>
/// Tenants beside that of the first start, without credits. Their administrators have the same user id and secret as
/// ours, which must not matter.
/// </summary>
internal static class OtherTenant
{
    /// <summary>Adds a tenant. With the licence of the first one, or with none.</summary>
    public static void Add(ServiceProcess service, string name, bool licensed)
    {
        var admin = service.TokenOf("admin").Split('_')[1];
        service.Tamper($"INSERT INTO tenant (id, name, ai_enabled, disabled, created_at) SELECT '{name}', 'Other', ai_enabled, disabled, created_at FROM tenant WHERE id = 'demo'");
        service.Tamper(
            "INSERT INTO app_user (tenant, id, username, display_name, email, password_hash, permissions, ai_credential, disabled, created_at)"
            + $" SELECT '{name}', id, username, display_name, email, password_hash, permissions, ai_credential, disabled, created_at FROM app_user WHERE tenant = 'demo' AND username = 'admin'");
        service.Tamper(
            "INSERT INTO api_token (id, tenant, user_id, name, secret_hash, expires_at, created_at)"
            + $" SELECT '{TokenId(service, name)}', '{name}', user_id, name, secret_hash, expires_at, created_at FROM api_token WHERE id = '{admin}'");
        if (licensed)
        {
            service.Tamper(
                "INSERT INTO grain_state (name, grain_id, version, payload)"
                + $" SELECT name, replace(grain_id, 'demo', '{name}'), version, payload FROM grain_state WHERE name = 'tenant' AND grain_id LIKE '%demo'");
        }
    }

    /// <summary>A client with the token of its administrator.</summary>
    public static HttpClient ClientOf(ServiceProcess service, string name)
    {
        var parts = service.TokenOf("admin").Split('_', 3);
        var client = service.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"{parts[0]}_{TokenId(service, name)}_{parts[2]}");
        return client;
    }

    // Ours, turned by the length of the name.
    private static string TokenId(ServiceProcess service, string name)
    {
        var ours = service.TokenOf("admin").Split('_')[1];
        return ours[name.Length..] + ours[..name.Length];
    }
}
