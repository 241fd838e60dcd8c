using System.Text;
using System.Text.Json;
using Informer.Ai.Simulator.Serving;

namespace Informer.Ai.Simulator.Chats;

/// <summary>One message of the prompt: its text, and the count of what is no text.</summary>
internal sealed record ChatMessage(string Role, string Text, string? Name, string? ToolCallId, IReadOnlyList<ChatToolCall> ToolCalls, int Attachments)
{
    public static ChatMessage Read(JsonElement message)
    {
        var (text, attachments) = ReadContent(message.Find("content"));
        return new ChatMessage(
            message.Text("role") ?? throw new InvalidRequestException("messages", "A message needs a 'role'."),
            text,
            message.Text("name"),
            message.Text("tool_call_id"),
            [.. message.Items("tool_calls").Select(ChatToolCall.Read)],
            attachments);
    }

    private static (string Text, int Attachments) ReadContent(JsonElement? content)
    {
        switch (content)
        {
            case null:
                return ("", 0);
            case { ValueKind: JsonValueKind.String } text:
                return (text.TextValue("content"), 0);
            case { ValueKind: JsonValueKind.Array } parts:
                var texts = new StringBuilder();
                var attachments = 0;
                foreach (var part in parts.EnumerateArray())
                {
                    if (part.Text("type") is "text" or "refusal")
                    {
                        texts.Append(texts.Length > 0 ? "\n" : "").Append(part.Text("text") ?? part.Text("refusal"));
                        continue;
                    }

                    attachments++;
                }

                return (texts.ToString(), attachments);
            default:
                throw new InvalidRequestException("content", "'content' has to be a string or an array of parts.");
        }
    }
}

/// <summary>A call that an earlier answer made.</summary>
internal sealed record ChatToolCall(string? Id, string Name, string Arguments)
{
    public static ChatToolCall Read(JsonElement call)
    {
        var function = call.Find("function");
        return new ChatToolCall(call.Text("id"), function?.Text("name") ?? "", function?.Text("arguments") ?? "");
    }
}
