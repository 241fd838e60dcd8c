using Informer.Ai.Simulator.Answers;

namespace Informer.Ai.Simulator.Chats;

/// <summary>
/// The tokens of a prompt, as the vocabulary's makers count them: three around each message, three that open the
/// answer, and the o200k tokens of every text. An image or another attachment counts 85.
/// </summary>
internal static class PromptSize
{
    private const int AroundMessage = 3;
    private const int OpeningAnswer = 3;
    private const int Attachment = 85;

    public static int Of(IReadOnlyList<ChatMessage> messages, IReadOnlyList<ChatTool> tools) =>
        OpeningAnswer + messages.Sum(Of) + tools.Sum(tool => Tokens.Count(tool.Json));

    private static int Of(ChatMessage message) =>
        AroundMessage
        + Tokens.Count(message.Role)
        + Tokens.Count(message.Text)
        + (message.Name is { } name ? Tokens.Count(name) + 1 : 0)
        + message.ToolCalls.Sum(call => Tokens.Count(call.Name) + Tokens.Count(call.Arguments))
        + (message.Attachments * Attachment);
}
