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

    /// <summary>What is wrong with these prices, and with which of them; null when they can be charged.</summary>
    public static (string Path, string Message)? Fault(ModelPrices prices)
    {
        (string Path, decimal Price)[] all =
        [
            ("promptPpm", prices.PromptPpm),
            ("completionPpm", prices.CompletionPpm),
            ("cacheReadPpm", prices.CacheReadPpm),
            ("cacheWriteShortPpm", prices.CacheWriteShortPpm),
            ("cacheWriteLongPpm", prices.CacheWriteLongPpm),
            ("imagePrice", prices.ImagePrice),
        ];
        var wrong = all.Where(one => one.Price is < 0 or > PriceMax).Select(one => one.Path).FirstOrDefault();
        return wrong is null ? null : (wrong, $"{wrong} must be a number of dollars from 0 to {PriceMax:0}.");
    }

    // A ceiling keeps every product of tokens and price inside 64 bits.
    private const decimal PriceMax = 1_000_000;
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
