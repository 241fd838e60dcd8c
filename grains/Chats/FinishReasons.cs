using Microsoft.Extensions.AI;

namespace Informer.Ai.Chats;

/// <summary>How answers end, in the words of the UI message stream.</summary>
internal static class FinishReasons
{
    public static string Of(ChatFinishReason? reason) => reason?.Value switch
    {
        "stop" => "stop",
        "length" => "length",
        "tool_calls" => "tool-calls",
        "content_filter" => "content-filter",
        _ => "other",
    };
}
