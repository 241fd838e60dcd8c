using System.Text.Json.Nodes;

namespace Informer.Ai.Chats;

/// <summary>
/// What an answer had before it went on after a tool, as events: a client that joins it gets the whole message, since
/// what it gets takes the place of what it has.
/// </summary>
internal static class EarlierAnswer
{
    /// <summary>The start of the message and its earlier parts, numbered up to 0: the turn's own second event follows.</summary>
    /// <param name="parts">JSON array of UI message parts.</param>
    public static IReadOnlyList<TurnEvent> Replay(TurnBegun begun, string parts)
    {
        List<Func<long, TurnEvent>> events = [seq => begun with { Seq = seq }];
        var texts = 0;
        var inStep = false;
        foreach (var part in JsonNode.Parse(parts)!.AsArray().OfType<JsonObject>())
        {
            var type = Text(part, "type") ?? "";
            if (!inStep || type == "step-start")
            {
                EndStep();
                events.Add(seq => new StepBegun(seq));
                inStep = true;
            }

            switch (type)
            {
                case "text" or "reasoning":
                    Say(type == "text" ? TextKind.Text : TextKind.Reasoning, Text(part, "text") ?? "", $"e{++texts}");
                    break;
                default:
                    if (ToolPart.Read(part, type) is { } tool)
                    {
                        Call(tool, part);
                    }

                    break;
            }
        }

        EndStep();
        return [.. events.Select((make, at) => make(at + 1 - events.Count))];

        void EndStep()
        {
            if (inStep)
            {
                events.Add(seq => new StepEnded(seq));
            }
        }

        void Say(TextKind kind, string text, string name)
        {
            events.Add(seq => new TextBegun(seq, kind, name));
            events.Add(seq => new TextDelta(seq, kind, name, text));
            events.Add(seq => new TextEnded(seq, kind, name));
        }

        void Call(ToolPart tool, JsonObject part)
        {
            events.Add(seq => new ToolCalled(seq, tool.CallId, tool.Tool, tool.Input?.ToJsonString() ?? "{}"));
            switch (tool.State)
            {
                case "output-available":
                    events.Add(seq => new ToolAnswered(seq, tool.CallId, part["output"]?.ToJsonString() ?? "null"));
                    break;
                case "output-error":
                    events.Add(seq => new ToolFailed(seq, tool.CallId, tool.Result));
                    break;
                case "output-denied":
                    events.Add(seq => new ToolDenied(seq, tool.CallId));
                    break;
                default:
                    break;
            }
        }
    }

    private static string? Text(JsonObject part, string name) =>
        part[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
