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
        return model.MaxOutputTokens > 0 ? Math.Min(tokens, model.MaxOutputTokens) : tokens;
    }
}
