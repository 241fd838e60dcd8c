using Informer.Ai.Chats;
using Microsoft.Extensions.Logging;

namespace Informer.Ai.Memories;

/// <content>What it logs: ids and kinds of failure, nothing that was said.</content>
public sealed partial class MemoryGrain
{
    [LoggerMessage(LogLevel.Warning, "The index of memories did not serve a {Operation} of {Tenant}/{User}: {Reason}")]
    private partial void LogIndexFailed(string operation, string tenant, string user, string reason);

    [LoggerMessage(LogLevel.Warning, "Nothing was recalled into a turn of chat {Chat}: {Code}")]
    private partial void LogNotRecalled(ChatId chat, string code);

    [LoggerMessage(LogLevel.Information, "No memory was made of chat {Chat} ({Reason}): {Code}")]
    private partial void LogNotMade(ChatId chat, string reason, string code);

    [LoggerMessage(LogLevel.Error, "Memories of chat {Chat} failed")]
    private partial void LogFailed(ChatId? chat, Exception failure);

    [LoggerMessage(LogLevel.Information, "{Count} memories of {Tenant}/{User} were embedded anew with {Model}")]
    private partial void LogEmbeddedAnew(int count, string tenant, string user, string model);
}
