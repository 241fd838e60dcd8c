using System.Collections.Immutable;

namespace Informer.Ai.Usage;

/// <summary>What its holders may use: model tiers and credits a month.</summary>
/// <param name="CreditCapPerMonth">Whole credits; null is unlimited, 0 a hard stop.</param>
/// <param name="AllowedTiers">Model tiers: everyday, advanced, strategic.</param>
/// <param name="Seeded">Made by the service: cannot be deleted.</param>
[GenerateSerializer, Immutable, Alias("usage-profile")]
public sealed record UsageProfile(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Slug,
    [property: Id(3)] string Description,
    [property: Id(4)] long? CreditCapPerMonth,
    [property: Id(5)] ImmutableArray<string> AllowedTiers,
    [property: Id(6)] bool IsDefault,
    [property: Id(7)] bool Seeded,
    [property: Id(8)] DateTimeOffset CreatedAt,
    [property: Id(9)] DateTimeOffset UpdatedAt);
