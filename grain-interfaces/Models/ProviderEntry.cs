namespace Informer.Ai.Models;

/// <summary>A vendor account through which models are called.</summary>
/// <param name="Type">The protocol, such as "openai".</param>
/// <param name="Managed">The operator's, paid from the pool; false is the tenant's own (BYOK).</param>
/// <param name="BaseUrl">Null for the type's own address, and for a managed provider.</param>
[GenerateSerializer, Immutable, Alias("provider-entry")]
public sealed record ProviderEntry(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Type,
    [property: Id(3)] bool Managed,
    [property: Id(4)] string? BaseUrl,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] DateTimeOffset UpdatedAt);
