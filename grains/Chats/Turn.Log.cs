using Microsoft.Extensions.Logging;

namespace Informer.Ai.Chats;

internal sealed partial class Turn
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Turn {Turn}: the provider failed with {Code} ({Kind})")]
    private partial void LogProviderFailed(TurnId turn, string code, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Turn {Turn}: {Model} failed with {Code}, {Next} is asked")]
    private partial void LogFallsBack(TurnId turn, string model, string code, string next);

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {Turn} failed")]
    private partial void LogFailed(TurnId turn, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {Turn}: its hold could not be resolved yet, try {Attempt}")]
    private partial void LogUnresolved(TurnId turn, int attempt, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {Turn}: its answer could not be kept")]
    private partial void LogNotKept(TurnId turn, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {Turn}: a checkpoint could not be written")]
    private partial void LogNotCheckpointed(TurnId turn, Exception failure);
}
