namespace Informer.Ai.Credits;

/// <summary>Tokens of one operation by the kinds that have a price of their own.</summary>
/// <param name="Input">Prompt tokens that were not read from a cache.</param>
/// <param name="Output">Generated tokens, reasoning included.</param>
/// <param name="CacheRead">Prompt tokens read from the provider's cache.</param>
/// <param name="CacheWriteShort">Prompt tokens written to its short-lived cache.</param>
/// <param name="CacheWriteLong">Prompt tokens written to its long-lived cache.</param>
/// <param name="Reasoning">The part of <paramref name="Output"/> that was reasoning: shown, not priced again.</param>
/// <param name="Images">Generated images.</param>
[GenerateSerializer, Immutable, Alias("token-usage")]
public sealed record TokenUsage(
    [property: Id(0)] long Input = 0,
    [property: Id(1)] long Output = 0,
    [property: Id(2)] long CacheRead = 0,
    [property: Id(3)] long CacheWriteShort = 0,
    [property: Id(4)] long CacheWriteLong = 0,
    [property: Id(5)] long Reasoning = 0,
    [property: Id(6)] long Images = 0)
{
    /// <summary>Nothing was used.</summary>
    public static TokenUsage None { get; } = new();

    /// <summary>Both together.</summary>
    public TokenUsage Plus(TokenUsage other) => new(
        Input + other.Input,
        Output + other.Output,
        CacheRead + other.CacheRead,
        CacheWriteShort + other.CacheWriteShort,
        CacheWriteLong + other.CacheWriteLong,
        Reasoning + other.Reasoning,
        Images + other.Images);

    /// <summary>Every token that was read, written or generated.</summary>
    public long Total => Input + Output + CacheRead + CacheWriteShort + CacheWriteLong;
}
