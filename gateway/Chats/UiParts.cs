using System.Text.Json;
using Informer.Ai.Requests;
using Microsoft.Net.Http.Headers;

namespace Informer.Ai.Chats;

/// <summary>
/// Checks the parts of a UI message: the types that the protocol knows, with the fields that each needs. What it
/// does not know of a part is left alone, and so is a part's unknown extra.
/// </summary>
internal sealed class UiParts(Fields fields)
{
    private const string KnownTypes =
        "text, reasoning, file, source-url, source-document, step-start, data-<name>, tool-<name> and dynamic-tool";

    private static readonly string[] ToolStates =
    [
        "input-streaming", "input-available", "approval-requested", "approval-responded",
        "output-available", "output-error", "output-denied",
    ];

    /// <summary>Checks an array of parts; false when something is wrong with it.</summary>
    public bool Check(JsonElement parts, string path, bool allowEmpty)
    {
        if (parts.ValueKind != JsonValueKind.Array)
        {
            return Refuse(path, "parts must be an array, such as [{ \"type\": \"text\", \"text\": \"…\" }].");
        }

        if (parts.GetArrayLength() == 0 && !allowEmpty)
        {
            return Refuse(path, "parts must not be empty.");
        }

        var sound = true;
        var index = 0;
        foreach (var part in parts.EnumerateArray())
        {
            sound &= CheckPart(part, $"{path}[{index++}]");
        }

        return sound;
    }

    private bool CheckPart(JsonElement part, string path)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            return Refuse(path, "A part must be an object with a type.");
        }

        if (!IsText(part, "type"))
        {
            return Refuse($"{path}.type", "type must be a string.");
        }

        var type = part.GetProperty("type").GetString()!;
        return type switch
        {
            "text" or "reasoning" => CheckText(part, path),
            "file" => Needs(part, path, "mediaType", "url") && CheckFile(part, path),
            "source-url" => Needs(part, path, "sourceId", "url"),
            "source-document" => Needs(part, path, "sourceId", "mediaType", "title"),
            "step-start" => true,
            "dynamic-tool" => Needs(part, path, "toolName") & CheckTool(part, path),
            // An older generation of the SDK, whose name would otherwise pass as a tool's.
            "tool-invocation" => Unknown(path, type),
            _ when IsNamed(type, "tool-") => CheckTool(part, path),
            _ when IsNamed(type, "data-") => true,
            _ => Unknown(path, type),
        };
    }

    private bool CheckText(JsonElement part, string path)
    {
        var max = fields.Limits.TextCharactersMax;
        return Needs(part, path, "text")
            && (part.GetProperty("text").GetString()!.Length <= max
                || Refuse($"{path}.text", $"A text part must have at most {max} characters."));
    }

    private bool CheckFile(JsonElement part, string path)
    {
        var sound = MediaTypeHeaderValue.TryParse(part.GetProperty("mediaType").GetString(), out _)
            || Refuse($"{path}.mediaType", "mediaType must be one, such as image/png.");
        return FileUrl.IsSound(part.GetProperty("url").GetString()!)
            ? sound
            : Refuse($"{path}.url", "url must be a data: URL with base64 data, or an https or http address.");
    }

    private bool CheckTool(JsonElement part, string path)
    {
        if (!Needs(part, path, "toolCallId", "state"))
        {
            return false;
        }

        return part.GetProperty("state").GetString() switch
        {
            "output-available" => part.TryGetProperty("output", out _)
                || Refuse($"{path}.output", "A tool part in state output-available needs its output."),
            "output-error" => Needs(part, path, "errorText"),
            var state => ToolStates.Contains(state)
                || Refuse($"{path}.state", $"state must be one of: {string.Join(", ", ToolStates)}."),
        };
    }

    private bool Needs(JsonElement part, string path, params ReadOnlySpan<string> names)
    {
        var sound = true;
        foreach (var name in names)
        {
            sound &= IsText(part, name) || Refuse($"{path}.{name}", $"{name} must be a string.");
        }

        return sound;
    }

    private bool Unknown(string path, string type) => Refuse(
        $"{path}.type", $"\"{(type.Length <= 40 ? type : type[..40] + "…")}\" is not a part of a UI message. There are {KnownTypes}.");

    private bool Refuse(string path, string message)
    {
        fields.Refuse(path, message);
        return false;
    }

    private static bool IsNamed(string type, string prefix) =>
        type.Length > prefix.Length && type.StartsWith(prefix, StringComparison.Ordinal);

    private static bool IsText(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;
}
