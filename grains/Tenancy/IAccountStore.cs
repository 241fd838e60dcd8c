namespace Informer.Ai.Tenancy;

/// <summary>Tenants, users and their API tokens.</summary>
public interface IAccountStore
{
    /// <summary>There is no tenant yet.</summary>
    Task<bool> IsEmptyAsync(CancellationToken cancellation);

    /// <summary>Adds a tenant with its users and tokens, all or nothing.</summary>
    Task AddAsync(
        StoredTenant tenant,
        IReadOnlyList<StoredUser> users,
        IReadOnlyList<StoredToken> tokens,
        CancellationToken cancellation);

    /// <summary>A token with its owner; null when there is none, or its user or tenant is disabled.</summary>
    Task<(StoredToken Token, Principal Owner)?> FindTokenAsync(string tokenId, CancellationToken cancellation);
}

/// <param name="AiEnabled">The tenant's users may use AI routes.</param>
public sealed record StoredTenant(TenantId Id, string Name, bool AiEnabled, DateTimeOffset CreatedAt);

/// <param name="PasswordHash">Null for a user that cannot log in with a password.</param>
/// <param name="AiCredential">The user may use AI routes.</param>
public sealed record StoredUser(
    TenantId Tenant,
    UserId Id,
    string Username,
    string DisplayName,
    string? Email,
    string? PasswordHash,
    IReadOnlyList<string> Permissions,
    bool AiCredential,
    DateTimeOffset CreatedAt);

/// <param name="Id">The public half of the token.</param>
/// <param name="SecretHash">SHA-256 of the secret half.</param>
public sealed record StoredToken(
    string Id,
    TenantId Tenant,
    UserId User,
    string Name,
    byte[] SecretHash,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset CreatedAt);
