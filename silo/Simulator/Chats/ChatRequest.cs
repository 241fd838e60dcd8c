using System.Text.Json;
using Informer.Ai.Simulator.Serving;

namespace Informer.Ai.Simulator.Chats;

/// <summary>What a chat completion asks for. The JSON elements in it live as long as the request's document.</summary>
internal sealed record ChatRequest
{
    public required string? Model { get; init; }

    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    public required IReadOnlyList<ChatTool> Tools { get; init; }

    public required ToolChoice ToolChoice { get; init; }

    public required bool Stream { get; init; }

    public required bool IncludeUsage { get; init; }

    /// <summary>The limit of the completion, reasoning included.</summary>
    public required int? TokensMax { get; init; }

    /// <summary>The schema that the answer has to fit, or any object when only JSON was asked for.</summary>
    public required JsonElement? Schema { get; init; }

    public required bool WantsJson { get; init; }

    public required int PromptTokens { get; init; }

    public ChatMessage? LastUserMessage => Messages.LastOrDefault(message => message.Role == "user");

    /// <summary>How many tool results followed the last thing that the user said.</summary>
    public int ToolRounds => Messages.Reverse().TakeWhile(message => message.Role != "user").Count(message => message.Role == "tool");

    public static ChatRequest Read(JsonElement body)
    {
        var messages = body.Items("messages").Select(ChatMessage.Read).ToList();
        if (messages.Count == 0)
        {
            throw new InvalidRequestException("messages", "'messages' has to hold at least one message.");
        }

        if (body.Number("n") is > 1)
        {
            throw new InvalidRequestException("n", "The simulator gives one choice.");
        }

        var tools = body.Items("tools").Select(ChatTool.Read).OfType<ChatTool>().ToList();
        var format = body.Find("response_format");
        return new ChatRequest
        {
            Model = body.Text("model"),
            Messages = messages,
            Tools = tools,
            ToolChoice = ToolChoice.Read(body.Find("tool_choice")),
            Stream = body.Flag("stream"),
            IncludeUsage = body.Find("stream_options")?.Flag("include_usage") ?? false,
            TokensMax = body.Number("max_completion_tokens") ?? body.Number("max_tokens"),
            Schema = format?.Find("json_schema")?.Find("schema"),
            WantsJson = format?.Text("type") is "json_schema" or "json_object",
            PromptTokens = PromptSize.Of(messages, tools),
        };
    }
}
