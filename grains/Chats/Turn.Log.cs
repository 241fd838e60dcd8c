using Microsoft.Extensions.Logging;

namespace Informer.Ai.Chats;

internal sealed partial class Turn
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Turn {Turn} failed: {Reason}")]
    private partial void LogFailed(TurnId turn, string reason, Exception? failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {Turn}: its hold could not be resolved yet, try {Attempt}")]
    private partial void LogUnresolved(TurnId turn, int attempt, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {Turn}: its answer could not be kept")]
    private partial void LogNotKept(TurnId turn, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {Turn}: a checkpoint could not be written")]
    private partial void LogNotCheckpointed(TurnId turn, Exception failure);
}
