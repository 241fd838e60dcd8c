namespace Informer.Ai.Credits;

/// <summary>Tokens of an answer.</summary>
/// <param name="InputTokens">Prompt tokens, cached ones not counted.</param>
/// <param name="OutputTokens">Generated tokens, reasoning included.</param>
public sealed record TokensResponse(
    long InputTokens, long OutputTokens, long CachedInputTokens, long ReasoningTokens, long TotalTokens)
{
    internal static TokensResponse Of(TokenUsage usage) =>
        new(usage.Input, usage.Output, usage.CacheRead, usage.Reasoning, usage.Total);
}
