namespace Informer.Ai.Models;

/// <summary>How long an answer may become.</summary>
public static class OutputSize
{
    public const string Small = "small";
    public const string Medium = "medium";
    public const string Large = "large";

    /// <summary>The output limit in tokens, never above the model's own.</summary>
    public static int TokensMax(string size, ModelEntry model)
    {
        var tokens = size switch
        {
            Small => 1_024,
            Large => 16_384,
            _ => 4_096,
        };
        return TokensMax(tokens, model);
    }

    /// <summary>A limit in tokens, but never above the model's own.</summary>
    public static int TokensMax(int tokens, ModelEntry model) =>
        model.MaxOutputTokens > 0 ? Math.Min(tokens, model.MaxOutputTokens) : tokens;

    /// <summary>Output beyond this is cut: our count may differ a little from the provider's, but one that ignores its limit goes far beyond.</summary>
    public static int TokensTolerated(int tokensMax) => tokensMax + (tokensMax / 8) + 16;
}
