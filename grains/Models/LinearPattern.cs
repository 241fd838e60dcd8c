using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using Json.Schema.Keywords;

namespace Informer.Ai.Models;

/// <summary>The keyword <c>pattern</c> of JSON Schema, on the engine of regular expressions that does not backtrack.</summary>
internal sealed class LinearPattern : IKeywordHandler
{
    private static readonly PatternKeyword Keyword = PatternKeyword.Instance;

    /// <inheritdoc/>
    public string Name => Keyword.Name;

    /// <inheritdoc/>
    public object? ValidateKeywordValue(JsonElement value) => Keyword.ValidateKeywordValue(value) is Regex pattern
        ? new Regex(pattern.ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)
        : throw new JsonException("pattern must be a text.");

    /// <inheritdoc/>
    public void BuildSubschemas(KeywordData keyword, BuildContext context) => Keyword.BuildSubschemas(keyword, context);

    /// <inheritdoc/>
    public KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context) => Keyword.Evaluate(keyword, context);
}
