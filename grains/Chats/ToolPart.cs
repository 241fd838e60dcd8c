using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Informer.Ai.Chats;

/// <summary>A call of a client's tool inside an answer.</summary>
internal sealed record ToolPart(string CallId, string Tool, string State, JsonNode? Input, string Result)
{
    private const string Prefix = "tool-";
    private const string Denial = "output-denied";

    /// <summary>The client has given its result, an error in place of it, or the user's refusal.</summary>
    public bool IsAnswered => State is "output-available" or "output-error" or Denial;

    /// <summary>Reads a tool part; null for any other part.</summary>
    public static ToolPart? Read(JsonObject part, string type)
    {
        var tool = type == "dynamic-tool" ? Text(part, "toolName")
            : type.StartsWith(Prefix, StringComparison.Ordinal) ? type[Prefix.Length..] : null;
        if (tool is null || Text(part, "toolCallId") is not { } callId || Text(part, "state") is not { } sent)
        {
            return null;
        }

        var state = sent == "approval-responded" && IsRefused(part) ? Denial : sent;
        return new ToolPart(callId, tool, state, part["input"], ResultOf(part, state));
    }

    /// <summary>
    /// Takes the client's results into an answer that waits for them. Only the outcome of calls that are open in
    /// it is taken: what was called, and with what, is the service's own word.
    /// </summary>
    /// <returns>The answer's parts, and the calls of which the client does not know yet that they are denied; null when a call is still open.</returns>
    public static (string Parts, ImmutableArray<string> Denied)? WithResults(string answer, string fromClient)
    {
        var results = JsonNode.Parse(fromClient)!.AsArray().OfType<JsonObject>()
            .Select(part => (Part: part, Tool: Read(part, Text(part, "type") ?? "")))
            .Where(found => found.Tool is { IsAnswered: true })
            .GroupBy(found => found.Tool!.CallId)
            .ToDictionary(calls => calls.Key, calls => (calls.Last().Part, calls.Last().Tool!.State));
        var parts = JsonNode.Parse(answer)!.AsArray();
        var denied = ImmutableArray.CreateBuilder<string>();
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

            Take(part, result.Part, result.State);
            if (Text(result.Part, "state") == "approval-responded")
            {
                denied.Add(open.CallId);
            }
        }

        return (parts.ToJsonString(), denied.ToImmutable());
    }

    private static void Take(JsonObject part, JsonObject result, string state)
    {
        part["state"] = state;
        if (result["approval"] is { } approval)
        {
            part["approval"] = approval.DeepClone();
        }

        switch (state)
        {
            case "output-available":
                part["output"] = result["output"]?.DeepClone();
                break;
            case "output-error":
                part["errorText"] = result["errorText"]?.DeepClone();
                break;
        }
    }

    private static string ResultOf(JsonObject part, string state) => state switch
    {
        "output-error" => Text(part, "errorText") ?? "The tool failed.",
        Denial when part["approval"] is JsonObject approval && Text(approval, "reason") is { Length: > 0 } reason =>
            $"The user did not allow this call: {reason}",
        Denial => "The user did not allow this call.",
        _ => part["output"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : part["output"]?.ToJsonString() ?? "null",
    };

    private static bool IsRefused(JsonObject part) =>
        part["approval"] is JsonObject approval
        && approval["approved"] is JsonValue approved && approved.TryGetValue<bool>(out var allowed) && !allowed;

    private static string? Text(JsonObject part, string name) =>
        part[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
