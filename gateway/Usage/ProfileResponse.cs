using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Informer.Ai.Usage;

/// <summary>A usage profile.</summary>
/// <param name="CreditCapPerMonth">Whole credits; null is unlimited, 0 a hard stop.</param>
public sealed record ProfileResponse(
    [property: JsonPropertyName("_links"), JsonPropertyOrder(-1)] Links Links,
    string Id,
    string Name,
    string Slug,
    string Description,
    long? CreditCapPerMonth,
    ImmutableArray<string> AllowedModelTiers,
    bool IsUnlimited,
    bool IsDefault,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    internal static ProfileResponse Of(UsageProfile profile) => new(
        Links.To($"/api/usage-profiles/{profile.Id}"),
        profile.Id,
        profile.Name,
        profile.Slug,
        profile.Description,
        profile.CreditCapPerMonth,
        profile.AllowedTiers,
        profile.CreditCapPerMonth is null,
        profile.IsDefault,
        profile.CreatedAt,
        profile.UpdatedAt);
}
