namespace Informer.Ai.Tenancy;

/// <summary>
/// Grain keys that carry the tenant and the user. They are built from the authenticated caller, so another
/// tenant's grain is not forbidden: it cannot be addressed.
/// </summary>
public static class UserKey
{
    /// <summary>The key of a user's own grain.</summary>
    public static string Of(TenantId tenant, UserId user) => $"{Escape(tenant.Value)}/{Escape(user.Value)}";

    /// <summary>The key of a grain that belongs to a user, such as a chat.</summary>
    public static string Of(TenantId tenant, UserId user, Guid id) => $"{Of(tenant, user)}/{id:N}";

    /// <summary>Takes a key apart; the id is empty for a user's own grain.</summary>
    /// <exception cref="FormatException">The key was not made here.</exception>
    public static (TenantId Tenant, UserId User, Guid Id) Parse(string key)
    {
        var parts = key.Split('/');
        return parts.Length is 2 or 3
            ? (new TenantId(Uri.UnescapeDataString(parts[0])),
                new UserId(Uri.UnescapeDataString(parts[1])),
                parts.Length == 3 ? Guid.ParseExact(parts[2], "N") : Guid.Empty)
            : throw new FormatException("A grain key needs a tenant and a user.");
    }

    private static string Escape(string part) => Uri.EscapeDataString(part);
}
