using Microsoft.Extensions.Logging;

namespace Informer.Ai.Chats;

public sealed partial class ChatGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Chat {Chat}: turn {Turn} was interrupted; {Charged} micro-credits charged at its last checkpoint")]
    private partial void LogRecovered(ChatId chat, TurnId turn, long charged);

    [LoggerMessage(LogLevel.Warning, "Turn {Turn} of chat {Chat} goes on without memories: {Reason}")]
    private partial void LogNotReminded(ChatId chat, TurnId turn, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Chat {Chat} could not be named ({Kind})")]
    private partial void LogNotNamed(ChatId chat, string kind);
}
