using System.Collections.Immutable;

namespace Informer.Ai.Models;

/// <summary>A priced model, or an alias of one, in a tenant's catalog. Prices are US dollars per million tokens.</summary>
/// <param name="Model">The provider's own name for it.</param>
/// <param name="ReferencesId">For an alias: the id of the entry that it stands for; resolved at call time.</param>
/// <param name="Tier">everyday, advanced or strategic.</param>
/// <param name="ContextWindow">Tokens that prompt and answer may have together.</param>
[GenerateSerializer, Immutable, Alias("model-entry")]
public sealed record ModelEntry(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Slug,
    [property: Id(3)] string Description,
    [property: Id(4)] string ProviderId,
    [property: Id(5)] string Model,
    [property: Id(6)] string? ReferencesId,
    [property: Id(7)] bool Chat,
    [property: Id(8)] bool Web,
    [property: Id(9)] bool GenerateImage,
    [property: Id(10)] bool Attachments,
    [property: Id(11)] bool CreateEmbeddings,
    [property: Id(12)] bool Tools,
    [property: Id(13)] string Tier,
    [property: Id(14)] string PricingTier,
    [property: Id(15)] int ContextWindow,
    [property: Id(16)] int MaxOutputTokens,
    [property: Id(17)] ModelPrices Prices,
    [property: Id(18)] int? Dimensions,
    [property: Id(19)] int Score,
    [property: Id(20)] bool Moderated,
    [property: Id(21)] bool Internal,
    [property: Id(22)] DateTimeOffset? DeprecatedAt,
    [property: Id(23)] ImmutableArray<string> FallbackIds,
    [property: Id(24)] DateTimeOffset CreatedAt,
    [property: Id(25)] DateTimeOffset UpdatedAt);

/// <summary>What a model costs: US dollars per million tokens of each kind, and per image.</summary>
[GenerateSerializer, Immutable, Alias("model-prices")]
public sealed record ModelPrices(
    [property: Id(0)] decimal PromptPpm,
    [property: Id(1)] decimal CompletionPpm,
    [property: Id(2)] decimal CacheReadPpm = 0,
    [property: Id(3)] decimal CacheWriteShortPpm = 0,
    [property: Id(4)] decimal CacheWriteLongPpm = 0,
    [property: Id(5)] decimal ImagePrice = 0);
