using System.Text.Json;

namespace Informer.Ai.Memories;

/// <summary>
/// Qdrant's own OpenAPI description, against which requests are checked. A field that it does not name is a fault, also
/// where the description would let it pass.
/// </summary>
internal sealed class QdrantDescription(JsonElement document)
{
    private const string Variable = "INFORMER_QDRANT_OPENAPI";
    private const string FileName = "qdrant-openapi.json";

    /// <summary>Read from where the environment says, or from a <c>data</c> directory beside the repository; null when there is none.</summary>
    public static QdrantDescription? Load()
    {
        var beside = Directory.GetParent(Surroundings.Root())?.EnumerateDirectories() ?? [];
        var path = beside.Select(directory => Path.Combine(directory.FullName, "data", FileName))
            .Prepend(Environment.GetEnvironmentVariable(Variable) ?? "")
            .FirstOrDefault(File.Exists);
        return path is null ? null : new QdrantDescription(JsonElement.Parse(File.ReadAllBytes(path)));
    }

    /// <summary>Why a test of it is skipped where it is missing.</summary>
    public static string Missing => $"Qdrant's OpenAPI description is not here: name it in {Variable}.";

    /// <summary>What is wrong with a request; nothing when it is as described.</summary>
    public IReadOnlyList<string> Faults(SeenRequest request)
    {
        var segments = request.Path.Split('/');
        var path = document.GetProperty("paths").EnumerateObject()
            .Where(known => Matches(known.Name.Split('/'), segments))
            .OrderBy(known => known.Name.Count(character => character == '{'))
            .FirstOrDefault();
        if (path.Value.ValueKind != JsonValueKind.Object || !path.Value.TryGetProperty(request.Method.ToLowerInvariant(), out var operation))
        {
            return [$"{request.Method} {request.Path} is not described"];
        }

        List<string> faults = [];
        var parameters = operation.GetProperty("parameters").EnumerateArray().ToDictionary(
            parameter => parameter.GetProperty("name").GetString()!, parameter => parameter.GetProperty("schema"));
        foreach (var pair in request.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (pair.Split('=')[0], pair.Split('=')[1]);
            if (!parameters.TryGetValue(name, out var schema) || Faults(JsonElement.Parse(value), schema, name).Count > 0)
            {
                faults.Add($"{request.Path}: {pair} is not described");
            }
        }

        var described = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        faults.AddRange(Faults(request.Body!.Value, described, request.Path));
        return faults;
    }

    private static bool Matches(string[] template, string[] segments) =>
        template.Length == segments.Length
        && template.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);

    private List<string> Faults(JsonElement value, JsonElement schema, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Faults(value, Resolve(reference.GetString()!), at);
        }

        foreach (var combination in new[] { "anyOf", "oneOf" })
        {
            if (schema.TryGetProperty(combination, out var choices))
            {
                var tries = choices.EnumerateArray().Where(choice => !IsOnlyNullable(choice)).Select(choice => Faults(value, choice, at)).ToList();
                return tries.Exists(faults => faults.Count == 0) ? [] : tries.MinBy(faults => faults.Count)!;
            }
        }

        if (schema.TryGetProperty("allOf", out var all))
        {
            return [.. all.EnumerateArray().SelectMany(part => Faults(value, part, at))];
        }

        if (schema.TryGetProperty("enum", out var words))
        {
            return words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)) ? [] : [$"{at}: {value} is none of {words}"];
        }

        return schema.TryGetProperty("type", out var type) ? OfType(value, schema, type.GetString()!, at) : [$"{at}: {value} is not described"];
    }

    private List<string> OfType(JsonElement value, JsonElement schema, string type, string at) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) => OfObject(value, schema, at),
        ("array", JsonValueKind.Array) => [.. value.EnumerateArray().SelectMany((item, index) => Faults(item, schema.GetProperty("items"), $"{at}[{index}]"))],
        ("string", JsonValueKind.String) when Format(schema) != "uuid" || value.TryGetGuid(out _) => [],
        ("boolean", JsonValueKind.True or JsonValueKind.False) => [],
        ("integer", JsonValueKind.Number) when value.TryGetInt64(out var number) && number >= Minimum(schema) => [],
        ("number", JsonValueKind.Number) when value.GetDouble() >= Minimum(schema) => [],
        _ => [$"{at}: {value} is not a {type}"],
    };

    private List<string> OfObject(JsonElement value, JsonElement schema, string at)
    {
        var properties = schema.TryGetProperty("properties", out var named) ? named : default;
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        List<string> faults = [];
        foreach (var field in value.EnumerateObject())
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(field.Name, out var property))
            {
                faults.AddRange(Faults(field.Value, property, $"{at}.{field.Name}"));
            }
            else if (others.ValueKind == JsonValueKind.Object)
            {
                faults.AddRange(Faults(field.Value, others, $"{at}.{field.Name}"));
            }
            else if (others.ValueKind != JsonValueKind.True)
            {
                faults.Add($"{at}.{field.Name} is not described");
            }
        }

        if (schema.TryGetProperty("required", out var required))
        {
            faults.AddRange(required.EnumerateArray()
                .Where(name => !value.TryGetProperty(name.GetString()!, out _))
                .Select(name => $"{at}.{name} is missing"));
        }

        return faults;
    }

    private JsonElement Resolve(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(document, (element, name) => element.GetProperty(name));

    private static bool IsOnlyNullable(JsonElement schema) => schema.EnumerateObject().All(property => property.Name == "nullable");

    private static string? Format(JsonElement schema) => schema.TryGetProperty("format", out var format) ? format.GetString() : null;

    private static double Minimum(JsonElement schema) =>
        schema.TryGetProperty("minimum", out var minimum) ? minimum.GetDouble() : double.NegativeInfinity;
}
