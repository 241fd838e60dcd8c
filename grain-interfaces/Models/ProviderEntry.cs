using Informer.Ai.Tenancy;

namespace Informer.Ai.Models;

/// <summary>A vendor account through which models are called.</summary>
/// <param name="Type">The protocol: the name of one of <see cref="ProviderType.All"/>.</param>
/// <param name="Managed">The operator's, paid from the pool; false is the tenant's own (BYOK).</param>
/// <param name="BaseUrl">Null for the type's own address, and for a managed provider.</param>
/// <param name="Credential">The tenant's own key, sealed; null when there is none, and for a managed provider.</param>
/// <param name="Tenant">Whose catalog it was read from: the catalog's grain says so from its own key at each reading.</param>
[GenerateSerializer, Immutable, Alias("provider-entry")]
public sealed record ProviderEntry(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Type,
    [property: Id(3)] bool Managed,
    [property: Id(4)] string? BaseUrl,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] DateTimeOffset UpdatedAt,
    [property: Id(7)] ProviderCredential? Credential = null,
    [property: Id(8)] TenantId Tenant = default)
{
    /// <summary>Where its calls go; null for a managed provider, and for a type that is not known.</summary>
    public Uri? Address => Managed ? null : ProviderType.AddressOf(Type, BaseUrl);
}

/// <summary>A tenant's key as it is kept: ciphertext that opens for one tenant, provider and origin only.</summary>
/// <param name="Type">"api_key".</param>
/// <param name="Origin">Scheme, host and port that the key was given for; it goes nowhere else.</param>
/// <param name="Sealed">The ciphertext.</param>
[GenerateSerializer, Immutable, Alias("provider-credential")]
public sealed record ProviderCredential(
    [property: Id(0)] string Type,
    [property: Id(1)] string Origin,
    [property: Id(2)] string Sealed)
{
    /// <summary>The only kind of credential there is.</summary>
    public const string ApiKey = "api_key";

    /// <summary>What the ciphertext is bound to. One that is moved to another tenant, provider or origin does not open.</summary>
    public static string[] Purposes(TenantId tenant, string providerId, string origin) =>
        ["Informer.Ai.ProviderCredential", tenant.Value, providerId, origin];
}

/// <summary>What is to change in a provider; what is null stays.</summary>
/// <param name="BaseUrlNamed">The address is to be <paramref name="BaseUrl"/>, also if that is null.</param>
/// <param name="CredentialNamed">The credential is to be <paramref name="Credential"/>, also if that is null.</param>
[GenerateSerializer, Immutable, Alias("provider-change")]
public sealed record ProviderChange(
    [property: Id(0)] string Id,
    [property: Id(1)] string? Name,
    [property: Id(2)] bool BaseUrlNamed,
    [property: Id(3)] string? BaseUrl,
    [property: Id(4)] bool CredentialNamed,
    [property: Id(5)] ProviderCredential? Credential);
