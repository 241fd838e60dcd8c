using System.Text.Json;
using Informer.Ai.Credits;

namespace Informer.Ai.Models;

/// <summary>Turns usage into micro-credits.</summary>
public static class Pricing
{
    /// <summary>Credits per US dollar on the built-in rate card.</summary>
    public const decimal CreditsPerDollar = 100;

    /// <summary>
    /// The price of a usage in micro-credits, rounded up once. Prices are dollars per million tokens and a credit
    /// has a million micro-credits, so the two millions cancel out.
    /// </summary>
    public static long MicroCredits(TokenUsage usage, ModelPrices prices)
    {
        var tokens = (usage.Input * prices.PromptPpm)
            + (usage.Output * prices.CompletionPpm)
            + (usage.CacheRead * prices.CacheReadPpm)
            + (usage.CacheWriteShort * prices.CacheWriteShortPpm)
            + (usage.CacheWriteLong * prices.CacheWriteLongPpm);
        var images = usage.Images * prices.ImagePrice * 1_000_000;
        return (long)Math.Ceiling((tokens + images) * CreditsPerDollar);
    }

    /// <summary>The prices in force, as a usage event keeps them.</summary>
    public static string Version(ModelPrices prices) => JsonSerializer.Serialize(
        new PriceVersion(prices.PromptPpm, prices.CompletionPpm, prices.CacheReadPpm, prices.CacheWriteShortPpm, prices.CacheWriteLongPpm, prices.ImagePrice, CreditsPerDollar),
        PriceJson.Default.PriceVersion);

    /// <summary>What is wrong with these prices; null when they can be charged.</summary>
    public static string? Fault(ModelPrices prices) =>
        prices is { PromptPpm: >= 0, CompletionPpm: >= 0, CacheReadPpm: >= 0, CacheWriteShortPpm: >= 0, CacheWriteLongPpm: >= 0, ImagePrice: >= 0 }
            ? Highest(prices) > PriceMax ? $"A price is at most {PriceMax} dollars." : null
            : "A price is 0 or more.";

    // A ceiling keeps every product of tokens and price inside 64 bits.
    private const decimal PriceMax = 1_000_000;

    private static decimal Highest(ModelPrices prices) => new[]
    {
        prices.PromptPpm, prices.CompletionPpm, prices.CacheReadPpm, prices.CacheWriteShortPpm, prices.CacheWriteLongPpm, prices.ImagePrice,
    }.Max();
}

internal sealed record PriceVersion(
    decimal PromptPpm,
    decimal CompletionPpm,
    decimal CacheReadPpm,
    decimal CacheWriteShortPpm,
    decimal CacheWriteLongPpm,
    decimal ImagePrice,
    decimal CreditsPerDollar);

[System.Text.Json.Serialization.JsonSerializable(typeof(PriceVersion))]
[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PriceJson : System.Text.Json.Serialization.JsonSerializerContext;
