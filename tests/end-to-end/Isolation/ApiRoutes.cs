using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Informer.Ai.Isolation;

/// <summary>One operation of the API as its own description tells it.</summary>
/// <param name="Ids">The names of the ids in its path, in order.</param>
/// <param name="Example">A body that it takes; null when it takes none.</param>
/// <param name="BodyIds">Fields of the body that name something, and whether they are lists.</param>
/// <param name="TextQueries">Query parameters that take a text.</param>
/// <param name="Queries">All query parameters.</param>
/// <param name="Statuses">Each status that it may answer with, and the codes of an error.</param>
/// <param name="Streams">It answers with events.</param>
public sealed record ApiRoute(
    string Method,
    string Path,
    IReadOnlyList<string> Ids,
    JsonElement? Example,
    IReadOnlyList<(string Name, bool Many)> BodyIds,
    IReadOnlyList<string> TextQueries,
    IReadOnlyList<string> Queries,
    IReadOnlyDictionary<int, IReadOnlyList<string>> Statuses,
    bool Streams)
{
    public override string ToString() => $"{Method} {Path}";

    /// <summary>The path with ids in it.</summary>
    public string At(IEnumerable<string> ids)
    {
        var next = new Queue<string>(ids);
        return Regex.Replace(Path, @"\{\w+\}", _ => Uri.EscapeDataString(next.Dequeue()));
    }
}

/// <summary>All operations of a running service, so that one that is added is tested without being named.</summary>
public static class ApiRoutes
{
    // An app or dataset is named by its tenant's own words, so that there is no id of another to try.
    private static readonly string[] NamedByCallers = ["entityType", "entityId"];

    public static async Task<IReadOnlyList<ApiRoute>> Read(HttpClient client)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var root = document.RootElement;
        return [.. root.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith("/api", StringComparison.Ordinal) && !NamedByCallers.Any(path.Name.Contains))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => Route(root, path.Name, operation)))];
    }

    private static ApiRoute Route(JsonElement root, string path, JsonProperty operation)
    {
        JsonElement? body = operation.Value.TryGetProperty("requestBody", out var request)
            ? request.GetProperty("content").GetProperty("application/json")
            : null;
        var queries = operation.Value.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query").ToList()
            : [];
        var texts = queries.Where(query => query.GetProperty("schema").TryGetProperty("type", out var type)
            && type.ToString().Contains("string", StringComparison.Ordinal));
        var responses = operation.Value.GetProperty("responses");
        return new ApiRoute(
            operation.Name.ToUpperInvariant(),
            path,
            [.. Regex.Matches(path, @"\{(\w+)\}").Select(match => match.Groups[1].Value)],
            body is { } json && json.TryGetProperty("example", out var example) ? example.Clone() : null,
            body is { } shaped ? [.. IdsOf(root, shaped.GetProperty("schema"))] : [],
            [.. texts.Select(query => query.GetProperty("name").GetString()!)],
            [.. queries.Select(query => query.GetProperty("name").GetString()!)],
            responses.EnumerateObject().ToDictionary(response => int.Parse(response.Name, CultureInfo.InvariantCulture), Codes),
            responses.TryGetProperty("200", out var done) && done.TryGetProperty("content", out var content) && content.TryGetProperty("text/event-stream", out _));
    }

    private static IReadOnlyList<string> Codes(JsonProperty response) =>
        response.Name[0] is '4' or '5'
            ? [.. response.Value.GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties")
                .GetProperty("code").GetProperty("enum").EnumerateArray().Select(code => code.GetString()!)]
            : [];

    private static IEnumerable<(string Name, bool Many)> IdsOf(JsonElement root, JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = root.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        return schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject()
                .Where(property => Regex.IsMatch(property.Name, "(^id|Ids?)$"))
                .Select(property => (property.Name, property.Name.EndsWith("Ids", StringComparison.Ordinal)))
            : [];
    }
}
