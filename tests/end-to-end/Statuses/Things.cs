using System.Text.Json;
using System.Text.Json.Nodes;
using Informer.Ai.Isolation;

namespace Informer.Ai.Statuses;

/// <summary>What the routes are about, one of each.</summary>
public sealed record Things(string Chat, string Question, string Answer, string Memory, string Model, string Provider)
{
    /// <summary>A body that makes a chat model.</summary>
    public static object NewModel(string slug, string providerId) => new
    {
        name = slug,
        slug,
        providerId,
        model = "sim-everyday",
        chat = true,
        promptPpm = 0.1,
        completionPpm = 0.4,
    };

    /// <summary>The route's path with these in it.</summary>
    public string Path(ApiRoute route) => route.At(Ids(route));

    /// <summary>The ids in the route's path, in order.</summary>
    public IEnumerable<string> Ids(ApiRoute route) => route.Ids.Select(id => id switch
    {
        "messageId" => Answer,
        "memoryId" => Memory,
        _ => route.Path.Split('/')[2] switch
        {
            "chats" => Chat,
            "providers" => Provider,
            "models" => ModelFor(route.Path.Split('/')[^1]),
            var other => throw new InvalidOperationException($"{other} has ids that nothing is known of."),
        },
    });

    /// <summary>A body that the route takes: its example, about these.</summary>
    public JsonNode? Body(ApiRoute route)
    {
        if (route.Example is not { } example)
        {
            return null;
        }

        var body = JsonNode.Parse(example.GetRawText())!.AsObject();
        if (body.ContainsKey("messageIds"))
        {
            body["messageIds"] = new JsonArray(Question);
        }

        if (route.Path == "/api/models")
        {
            body["slug"] = $"one-more-{Chat}";
        }

        return body;
    }

    /// <summary>A body whose every field is of a kind that it cannot be.</summary>
    public static JsonNode? Nonsense(ApiRoute route) => route.Example is { } example
        ? new JsonObject(example.EnumerateObject().Select(field => KeyValuePair.Create<string, JsonNode?>(
            field.Name, field.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? "seven" : 7)))
        : null;

    /// <summary>A body that is in the way of what is there.</summary>
    public JsonNode? Conflicting(ApiRoute route) => (route.Method, route.Path) switch
    {
        ("PUT", "/api/chats/{id}/messages/{messageId}") => JsonNode.Parse("""{ "parts": [{ "type": "text", "text": "Other" }] }"""),
        ("POST" or "PUT", "/api/models" or "/api/models/{id}") => With(Body(route)!, "slug", "go_everyday"),
        _ => Body(route),
    };

    private static JsonNode With(JsonNode body, string field, string value)
    {
        body[field] = value;
        return body;
    }

    private string ModelFor(string verb) => verb switch
    {
        "_embed" => "informer-embedding",
        "_image" => "informer-image",
        _ when verb.StartsWith('_') => "go_everyday",
        _ => Model,
    };
}
