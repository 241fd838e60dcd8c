using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Errors;

/// <summary>
/// Refuses a body that is announced as too large. One that comes without a length is measured where it is read.
/// </summary>
internal sealed class BodyLimit(IOptions<GatewayOptions> options) : IMiddleware
{
    /// <summary>
    /// The server closes a connection with unread data, and the reset can overtake the answer. So it is let
    /// drain this many times the limit (it also stops after seconds), for the client to read why it was refused.
    /// </summary>
    private const int DrainFactor = 16;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var limit = options.Value.BodyBytesMax;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = (long)limit * DrainFactor;
        }

        return context.Request.ContentLength > limit ? throw TooLarge(limit) : next(context);
    }

    public static RequestException TooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The request body is larger than {limit} bytes.", ErrorCodes.BodyTooLarge);
}
