using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Streaming;

/// <summary>The route answers with events.</summary>
internal sealed record StreamsEvents;

/// <summary>Describes routes that answer with events, and bounds how many of them a user has open.</summary>
internal static class EventRoutes
{
    public static RouteHandlerBuilder ProducesEvents(this RouteHandlerBuilder route) => route
        .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
        .WithMetadata(new StreamsEvents())
        .RequireRateLimiting(StreamLimit.Policy);
}
