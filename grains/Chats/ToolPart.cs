using System.Text.Json.Nodes;

namespace Informer.Ai.Chats;

/// <summary>A call of a client's tool inside an answer.</summary>
internal sealed record ToolPart(string CallId, string Tool, string State, JsonNode? Input, string Result)
{
    private const string Prefix = "tool-";

    /// <summary>The client has given its result, or an error in place of it.</summary>
    public bool IsAnswered => State is "output-available" or "output-error";

    /// <summary>Reads a tool part; null for any other part.</summary>
    public static ToolPart? Read(JsonObject part, string type)
    {
        var tool = type == "dynamic-tool" ? Text(part, "toolName")
            : type.StartsWith(Prefix, StringComparison.Ordinal) ? type[Prefix.Length..] : null;
        return tool is not null && Text(part, "toolCallId") is { } callId && Text(part, "state") is { } state
            ? new ToolPart(callId, tool, state, part["input"], ResultOf(part, state))
            : null;
    }

    /// <summary>
    /// Takes the client's results into an answer that waits for them. Only the outcome of calls that are open in
    /// it is taken: what was called, and with what, is the service's own word.
    /// </summary>
    /// <returns>The answer's parts; null when a call of it is still open.</returns>
    public static string? WithResults(string answer, string fromClient)
    {
        var results = JsonNode.Parse(fromClient)!.AsArray().OfType<JsonObject>()
            .Select(part => (Part: part, Tool: Read(part, Text(part, "type") ?? "")))
            .Where(found => found.Tool is { IsAnswered: true })
            .GroupBy(found => found.Tool!.CallId)
            .ToDictionary(calls => calls.Key, calls => calls.Last().Part);
        var parts = JsonNode.Parse(answer)!.AsArray();
        foreach (var part in parts.OfType<JsonObject>())
        {
            if (Read(part, Text(part, "type") ?? "") is not { IsAnswered: false } open)
            {
                continue;
            }

            if (!results.TryGetValue(open.CallId, out var result))
            {
                return null;
            }

            part["state"] = result["state"]!.DeepClone();
            part["output"] = result["output"]?.DeepClone();
            part["errorText"] = result["errorText"]?.DeepClone();
            foreach (var absent in part.Where(field => field.Key is "output" or "errorText" && field.Value is null).ToList())
            {
                if (absent.Key == "errorText" || part["state"]!.GetValue<string>() == "output-error")
                {
                    part.Remove(absent.Key);
                }
            }
        }

        return parts.ToJsonString();
    }

    private static string ResultOf(JsonObject part, string state) => state switch
    {
        "output-error" => Text(part, "errorText") ?? "The tool failed.",
        _ => part["output"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : part["output"]?.ToJsonString() ?? "null",
    };

    private static string? Text(JsonObject part, string name) =>
        part[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
