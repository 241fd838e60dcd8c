using System.Text.Json;
using Informer.Ai.Requests;

namespace Informer.Ai.Chats;

/// <summary>A message as a client sends it. <paramref name="Parts"/> is its JSON as it came, unknown fields included.</summary>
internal sealed record UiMessage(string Id, string Role, string Parts);

/// <summary>Reads UI messages as the AI SDK's clients make them, and says what is wrong with others.</summary>
internal sealed class UiMessages(Fields fields, string whereInstructionsGo)
{
    private const int IdMax = 200;
    private const string OpenAiShaped =
        "This is an OpenAI-shaped message. Send a UI message: { id, role, parts: [{ \"type\": \"text\", \"text\": \"…\" }] }.";

    private readonly UiParts parts = new(fields);

    /// <summary>A message to be kept as it is: its id may be left out, and a system message is one.</summary>
    public bool Kept { get; init; }

    /// <summary>An array of messages. <paramref name="allowEmpty"/> for a history that may not have begun.</summary>
    public IReadOnlyList<UiMessage> List(JsonElement messages, string path, bool allowEmpty = false)
    {
        if (messages.ValueKind != JsonValueKind.Array)
        {
            fields.Refuse(path, $"{path} must be an array of UI messages.");
            return [];
        }

        var count = messages.GetArrayLength();
        if (count == 0 && !allowEmpty)
        {
            fields.Refuse(path, $"{path} must not be empty.");
        }

        if (count > fields.Limits.MessagesMax)
        {
            fields.Refuse(path, $"{path} must have at most {fields.Limits.MessagesMax} messages.");
            return [];
        }

        return [.. messages.EnumerateArray().Select((message, index) => One(message, $"{path}[{index}]")).OfType<UiMessage>()];
    }

    /// <summary>One message; null when it is wrong.</summary>
    public UiMessage? One(JsonElement message, string path)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            fields.Refuse(path, "A message must be an object: { id, role, parts }.");
            return null;
        }

        if (!message.TryGetProperty("parts", out var content) && message.TryGetProperty("content", out _))
        {
            fields.Refuse($"{path}.content", OpenAiShaped);
            return null;
        }

        var id = Text(message, "id") ?? (Kept && !message.TryGetProperty("id", out _) ? "" : null);
        if (id is null || id.Length > IdMax)
        {
            fields.Refuse($"{path}.id", $"id must be a string of at most {IdMax} characters.");
        }

        var role = Role(message, path);
        var sound = role is not null && parts.Check(content, $"{path}.parts", allowEmpty: role == "assistant");
        return sound && id is not null ? new UiMessage(id, role!, content.GetRawText()) : null;
    }

    private string? Role(JsonElement message, string path)
    {
        var role = Text(message, "role");
        if (role is "user" or "assistant" || (Kept && role == "system"))
        {
            return role;
        }

        fields.Refuse($"{path}.role", Kept ? "role must be user, assistant or system." : role == "system"
            ? $"System messages are not taken here. {whereInstructionsGo}"
            : "role must be user or assistant. Results of tools go into the tool part of the assistant's message.");
        return null;
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
