using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Streaming;

/// <summary>Describes routes that answer with events.</summary>
internal static class EventRoutes
{
    public static RouteHandlerBuilder ProducesEvents(this RouteHandlerBuilder route) =>
        route.Produces<string>(StatusCodes.Status200OK, "text/event-stream");
}
