using Informer.Ai.Credits;
using Microsoft.Extensions.Logging;

namespace Informer.Ai.Models;

public sealed partial class MeteredCalls
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Call {Call}: {Model} failed with {Code}, {Next} is asked")]
    private partial void LogFallsBack(HoldId call, string model, string code, string next);

    [LoggerMessage(Level = LogLevel.Error, Message = "Call {Call}: its hold could not be resolved yet, try {Attempt}")]
    private partial void LogUnresolved(HoldId call, int attempt, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Call {Call}: a checkpoint could not be written")]
    private partial void LogNotCheckpointed(HoldId call, Exception failure);
}
