using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Informer.Ai.Models;

/// <summary>A provider as those see it who manage models. Its key is never shown.</summary>
/// <param name="Managed">The operator's, paid from the pool; false is the tenant's own.</param>
/// <param name="Internal">It serves the service itself; none does.</param>
/// <param name="BaseUrl">Null for the type's own address, and for a managed provider.</param>
public sealed record ProviderResponse(
    [property: JsonPropertyName("_links"), JsonPropertyOrder(-1)] Links Links,
    string Id,
    string Name,
    string Type,
    bool Managed,
    bool Internal,
    string? BaseUrl,
    CredentialResponse Credential,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    internal static ProviderResponse Of(ProviderEntry provider) => new(
        Links.To($"/api/providers/{provider.Id}"),
        provider.Id,
        provider.Name,
        provider.Type,
        provider.Managed,
        Internal: false,
        provider.BaseUrl,
        new CredentialResponse(ProviderCredential.ApiKey, provider.Managed || provider.Credential is not null),
        provider.CreatedAt,
        provider.UpdatedAt);
}

/// <summary>Whether there is a key.</summary>
public sealed record CredentialResponse(string Type, bool Configured);

/// <summary>A type of provider.</summary>
/// <param name="BaseUrl">The vendor's own address; null where a provider has to name one.</param>
/// <param name="Credential">The JSON Schema of the credential.</param>
public sealed record ProviderTypeResponse(string Type, string Name, string? BaseUrl, JsonObject Credential)
{
    internal static ProviderTypeResponse Of(ProviderType type) =>
        new(type.Name, type.Title, type.BaseUrl, ProviderFields.CredentialSchema());
}

/// <summary>Whether a provider could be called.</summary>
/// <param name="Error">Why it could not; null when it could.</param>
public sealed record ProviderTestResponse(bool Ok, long LatencyMs, string? Error);

/// <summary>A model that a provider offers, by the provider's own name.</summary>
public sealed record OfferedModelResponse(string Id);
