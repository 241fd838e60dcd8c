using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Json.Schema.Keywords;

namespace Informer.Ai.Models;

/// <summary>
/// A JSON Schema that a caller brought, and what a model made for it. Callers are not trusted: a schema whose
/// evaluation could recurse without end or take exponential time is refused, and patterns run in linear time.
/// </summary>
public sealed class ObjectSchema
{
    private const int FaultsTold = 10;

    private static readonly Dialect Bounded = new(
        new[]
        {
            Vocabulary.Draft202012_Core, Vocabulary.Draft202012_Applicator, Vocabulary.Draft202012_Unevaluated,
            Vocabulary.Draft202012_Validation, Vocabulary.Draft202012_MetaData, Vocabulary.Draft202012_FormatAnnotation,
            Vocabulary.Draft202012_Content,
        }.SelectMany(vocabulary => vocabulary.Keywords).Select(keyword => keyword is PatternKeyword ? new LinearPattern() : keyword))
    {
        AllowUnknownKeywords = true,
    };

    private readonly JsonSchema _schema;
    private readonly SchemaShape _shape;

    private ObjectSchema(string text, JsonElement json, JsonSchema schema, SchemaShape shape) =>
        (Text, Json, _schema, _shape) = (text, json, schema, shape);

    /// <summary>The schema as JSON.</summary>
    public string Text { get; }

    /// <summary>The same, read.</summary>
    public JsonElement Json { get; }

    /// <summary>Reads a schema; else says what is wrong with it.</summary>
    public static (ObjectSchema? Schema, string? Fault) Read(string text)
    {
        var node = JsonNode.Parse(text);
        if (node is JsonObject root)
        {
            // Every schema is read in the latest dialect, in which earlier ones mean nearly the same.
            root.Remove("$schema");
            text = root.ToJsonString();
        }

        var json = JsonElement.Parse(text);
        if (SchemaShape.Read(json, out var fault) is not { } shape)
        {
            return (null, fault);
        }

        try
        {
            var schema = JsonSchema.Build(json, new BuildOptions { SchemaRegistry = new SchemaRegistry(), Dialect = Bounded });
            return (new ObjectSchema(text, json, schema, shape), null);
        }
        catch (Exception broken) when (broken is JsonSchemaException or JsonException or ArgumentException or NotSupportedException
            or InvalidOperationException or FormatException)
        {
            return (null, $"This is not a JSON Schema that can be used: {broken.Message}");
        }
    }

    /// <summary>The JSON value in a model's answer when it fits; else what is wrong, in words that the model can use.</summary>
    public (string? Json, string? Fault) Check(string answer)
    {
        JsonElement value;
        try
        {
            value = JsonElement.Parse(Unfenced(answer), new JsonDocumentOptions { MaxDepth = SchemaShape.ValueDepthMax });
        }
        catch (JsonException)
        {
            return (null, "The answer is not JSON, or nests too deeply.");
        }

        if (!_shape.Affords(value))
        {
            return (null, "The answer nests too deeply for this schema.");
        }

        var result = _schema.Evaluate(value, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? (value.GetRawText(), null) : (null, Describe(result));
    }

    // Models that know no schemas like to put JSON into a block of code.
    private static string Unfenced(string answer)
    {
        var text = answer.Trim();
        return text.StartsWith("```", StringComparison.Ordinal) && text.EndsWith("```", StringComparison.Ordinal)
            && text.IndexOf('\n', StringComparison.Ordinal) is var line and > 0 && line < text.Length - 3
            ? text[(line + 1)..^3]
            : text;
    }

    private static string Describe(EvaluationResults result)
    {
        var faults = (result.Details ?? []).Prepend(result)
            .Where(detail => detail.Errors is { Count: > 0 })
            .SelectMany(detail => detail.Errors!.Select(error => $"{Place(detail)}: {error.Value}"))
            .Take(FaultsTold);
        return string.Join("; ", faults);
    }

    private static string Place(EvaluationResults detail) =>
        detail.InstanceLocation.ToString() is { Length: > 0 } place ? place : "the value";
}
