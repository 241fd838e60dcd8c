using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Informer.Ai.Chats;

/// <summary>Writes a conversation as Markdown for people: what was said as it is, what tools did as quoted JSON.</summary>
internal sealed class MarkdownWriter(IBufferWriter<byte> output)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Title(Chat chat) => Line($"# {OneLine(chat.Settings.Name ?? "Chat")}");

    public void Message(ChatMessage message)
    {
        Line();
        Line($"## {Speaker(message.Role)} · {message.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}");
        using var parts = JsonDocument.Parse(message.Parts);
        foreach (var part in parts.RootElement.EnumerateArray())
        {
            Part(part);
        }
    }

    private void Part(JsonElement part)
    {
        switch (Text(part, "type"))
        {
            case "text" when Text(part, "text") is { Length: > 0 } text:
                Block(text);
                break;
            case "reasoning" when Text(part, "text") is { Length: > 0 } text:
                Block("> " + text.ReplaceLineEndings("\n> "));
                break;
            case "file":
                Block(Text(part, "url") is { } url && !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
                    ? $"[{OneLine(Text(part, "filename") ?? url)}](<{OneLine(url)}>)"
                    : $"*File: {OneLine(Text(part, "filename") ?? "unnamed")} ({OneLine(Text(part, "mediaType") ?? "")})*");
                break;
            case "dynamic-tool":
                Tool(Text(part, "toolName") ?? "", part);
                break;
            case { } type when type.StartsWith("tool-", StringComparison.Ordinal):
                Tool(type["tool-".Length..], part);
                break;
            default:
                break;
        }
    }

    private void Tool(string name, JsonElement part)
    {
        Block($"**Tool `{OneLine(name)}`**");
        Json(part, "input");
        if (Text(part, "errorText") is { } error)
        {
            Block($"Failed: {OneLine(error)}");
        }
        else
        {
            Json(part, "output");
        }
    }

    private void Json(JsonElement part, string name)
    {
        if (part.TryGetProperty(name, out var value))
        {
            // No line of JSON begins like a fence.
            Block($"```json\n{JsonSerializer.Serialize(value, Indented)}\n```");
        }
    }

    private void Block(string text)
    {
        Line();
        Line(text);
    }

    private void Line(string text = "") => Encoding.UTF8.GetBytes(text + "\n", output);

    private static string Speaker(string role) => role switch
    {
        "user" => "User",
        "assistant" => "Assistant",
        _ => "System",
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string? Text(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
