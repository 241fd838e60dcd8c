using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Informer.Ai.Simulator.Chats;

/// <summary>
/// Makes a JSON document that fits a schema: objects with all their properties, the first alternative that is not
/// null, the smallest arrays and numbers allowed. It knows the keywords that structured outputs allow; it does
/// not solve <c>pattern</c> or <c>not</c>.
/// </summary>
internal sealed class SchemaDocument
{
    // A schema may refer to itself; below this depth only what is required is written.
    private const int DepthMax = 6;
    private const int DepthEnd = 32;

    private readonly JsonElement _root;
    private readonly Utf8JsonWriter _writer;
    private readonly ulong _seed;

    private SchemaDocument(JsonElement root, Utf8JsonWriter writer, ulong seed)
    {
        _root = root;
        _writer = writer;
        _seed = seed;
    }

    public static string Fit(JsonElement? schema, ulong seed)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } root)
        {
            return """{"answer":"The simulator answers with an object."}""";
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            new SchemaDocument(root, writer, seed).Write(root, "value", 0);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void Write(JsonElement schema, string name, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > DepthEnd)
        {
            _writer.WriteNullValue();
            return;
        }

        if (Fixed(schema) is { } value)
        {
            value.WriteTo(_writer);
        }
        else if (Elsewhere(schema, depth) is { } other)
        {
            Write(other, name, depth + 1);
        }
        else
        {
            WriteByType(schema, name, depth);
        }
    }

    private void WriteByType(JsonElement schema, string name, int depth)
    {
        switch (Type(schema))
        {
            case "object":
                WriteObject(schema, depth);
                break;
            case "array":
                WriteArray(schema, name, depth);
                break;
            case "integer":
                _writer.WriteNumberValue(SchemaValue.Number(schema, _seed, whole: true));
                break;
            case "number":
                _writer.WriteNumberValue(SchemaValue.Number(schema, _seed, whole: false));
                break;
            case "boolean":
                _writer.WriteBooleanValue(_seed % 2 == 0);
                break;
            case "null":
                _writer.WriteNullValue();
                break;
            default:
                _writer.WriteStringValue(SchemaValue.Text(schema, name, _seed));
                break;
        }
    }

    private void WriteObject(JsonElement schema, int depth)
    {
        var required = Parts(schema).SelectMany(part => Elements(part, "required")).Select(name => name.GetString()).ToHashSet();
        var written = new HashSet<string>();
        _writer.WriteStartObject();
        foreach (var property in Parts(schema).SelectMany(Properties))
        {
            if ((depth < DepthMax || required.Contains(property.Name)) && written.Add(property.Name))
            {
                _writer.WritePropertyName(property.Name);
                Write(property.Value, property.Name, depth + 1);
            }
        }

        _writer.WriteEndObject();
    }

    private void WriteArray(JsonElement schema, string name, int depth)
    {
        var first = Elements(schema, "prefixItems");
        var least = SchemaValue.Whole(schema, "minItems") ?? first.Count;
        var most = SchemaValue.Whole(schema, "maxItems") ?? int.MaxValue;
        var usual = depth < DepthMax && first.Count == 0 ? 1 : 0;
        var count = Math.Min(Math.Max(least, usual), most);
        var rest = schema.TryGetProperty("items", out var items) ? items : default;
        _writer.WriteStartArray();
        for (var at = 0; at < count; at++)
        {
            Write(at < first.Count ? first[at] : rest, $"{name} {at + 1}", depth + 1);
        }

        _writer.WriteEndArray();
    }

    private static JsonElement? Fixed(JsonElement schema) =>
        schema.TryGetProperty("const", out var only) ? only
        : Elements(schema, "enum") is [var first, ..] ? first
        : null;

    /// <summary>The schema that this one stands for: what it refers to, or the alternative taken.</summary>
    private JsonElement? Elsewhere(JsonElement schema, int depth)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Resolve(reference.GetString() ?? "");
        }

        var alternatives = Elements(schema, "anyOf").Concat(Elements(schema, "oneOf")).ToList();
        if (alternatives.Count == 0)
        {
            return null;
        }

        // Deep down the way out of a recursion is the alternative that is null, if there is one.
        var end = alternatives.FirstOrDefault(alternative => (Type(alternative) == "null") == (depth >= DepthMax));
        return end.ValueKind == JsonValueKind.Undefined ? alternatives[0] : end;
    }

    private JsonElement Resolve(string reference)
    {
        var found = _root;
        foreach (var step in reference.Split('/').Skip(1))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return default;
            }
        }

        return found;
    }

    private IEnumerable<JsonElement> Parts(JsonElement schema) =>
        Elements(schema, "allOf")
            .Select(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("$ref", out var to) ? Resolve(to.GetString() ?? "") : part)
            .Prepend(schema)
            .Where(part => part.ValueKind == JsonValueKind.Object);

    private static IEnumerable<JsonProperty> Properties(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject()
            : [];

    private static List<JsonElement> Elements(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray()] : [];

    private static string? Type(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (schema.TryGetProperty("type", out var type))
        {
            return type.ValueKind == JsonValueKind.Array
                ? type.EnumerateArray().Select(one => one.GetString()).FirstOrDefault(one => one != "null")
                : type.GetString();
        }

        return schema.TryGetProperty("properties", out _) || schema.TryGetProperty("allOf", out _) ? "object"
            : schema.TryGetProperty("items", out _) ? "array"
            : null;
    }
}
