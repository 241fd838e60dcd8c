using Informer.Ai.Chats;
using Informer.Ai.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Streaming;

/// <summary>Answers requests with the stream of a turn, or with an error while there is still a status to send.</summary>
internal sealed partial class TurnStreams(IOptions<GatewayOptions> options, TimeProvider time, ILogger<TurnStreams> log)
{
    /// <summary>
    /// Starts a turn and streams it. When this connection ends before the turn does, however that comes about,
    /// the grain is told: it decides whether the turn lives on.
    /// </summary>
    /// <param name="modelIsResource">The route names the model, so that a missing one is a missing resource.</param>
    public async Task Start(
        HttpContext context, ITurnGrain grain, TurnId turn, Func<Task<RunAnswer>> run, bool modelIsResource = false)
    {
        var over = false;
        try
        {
            var answer = await run();
            over = answer is not TurnStarted;
            if (over)
            {
                await RunProblem.Of(answer, modelIsResource).ExecuteAsync(context);
                return;
            }

            await using var reader = new TurnReader(grain, turn, 0, time, log, context.RequestAborted);
            over = await Answer(context, reader, await reader.Next());
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody to answer, and the turn is told below.
        }
        finally
        {
            if (!over)
            {
                await Disconnect(grain, turn);
            }
        }
    }

    /// <summary>Streams a turn that runs or has just ended: all of it, or what came after an event. 204 when there is nothing.</summary>
    public async Task Join(HttpContext context, ITurnGrain grain, TurnId turn)
    {
        try
        {
            var after = long.TryParse(context.Request.Headers["Last-Event-ID"], out var seq) && seq > 0 ? seq : long.MinValue;
            await using var reader = new TurnReader(grain, turn, after, time, log, context.RequestAborted);
            var first = await reader.Next();
            if (first == TurnReading.Ended)
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            await Answer(context, reader, first);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; a turn does not depend on those who joined it.
        }
    }

    private async Task<bool> Answer(HttpContext context, TurnReader reader, TurnReading first)
    {
        switch (first, first == TurnReading.Event ? reader.Current : null)
        {
            case (TurnReading.Event, TurnNotBegun failed):
                await Problems.Of(502, failed.Message, failed.Code).ExecuteAsync(context);
                return true;
            case (TurnReading.Event, _):
                return await EventStream.Send(context, reader, options.Value.Heartbeat, time);
            default:
                await Problems.Of(503, "The answer could not be read. Try again.", ErrorCodes.Unavailable).ExecuteAsync(context);
                return false;
        }
    }

    private async Task Disconnect(ITurnGrain grain, TurnId turn)
    {
        try
        {
            await grain.Disconnect(turn);
        }
        catch (Exception failed)
        {
            // The turn goes on to its own end then, and is charged for it.
            NotDisconnected(failed, turn);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Turn {Turn} could not be told that its connection is gone")]
    private partial void NotDisconnected(Exception exception, TurnId turn);
}
