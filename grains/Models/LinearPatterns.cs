using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using Json.Schema.Keywords;

namespace Informer.Ai.Models;

/// <summary>The keywords of JSON Schema that run regular expressions, on the engine that does not backtrack.</summary>
internal static class LinearPatterns
{
    /// <summary>The keyword itself, or its linear twin.</summary>
    public static IKeywordHandler In(IKeywordHandler keyword) =>
        keyword is PatternKeyword or PatternPropertiesKeyword ? new Linear(keyword) : keyword;

    private static Regex Compile(Regex pattern) =>
        new(pattern.ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private sealed class Linear(IKeywordHandler keyword) : IKeywordHandler
    {
        public string Name => keyword.Name;

        public object? ValidateKeywordValue(JsonElement value) => keyword.ValidateKeywordValue(value) switch
        {
            Regex pattern => Compile(pattern),
            Dictionary<string, Regex> patterns => patterns.ToDictionary(pattern => pattern.Key, pattern => Compile(pattern.Value)),
            var other => other,
        };

        public void BuildSubschemas(KeywordData data, BuildContext context) => keyword.BuildSubschemas(data, context);

        public KeywordEvaluation Evaluate(KeywordData data, EvaluationContext context) => keyword.Evaluate(data, context);
    }
}
