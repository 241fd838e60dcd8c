namespace Informer.Ai.Simulator.Serving;

/// <summary>What the body of a request says of itself.</summary>
internal sealed record RequestFacts(
    string? Model,
    bool Stream,
    int PromptTokens,
    int ReasoningTokens,
    string? User,
    IReadOnlyDictionary<string, string>? Metadata,
    string? Mark = null)
{
    public static readonly RequestFacts Unknown = new(null, false, 0, 0, null, null);
}
