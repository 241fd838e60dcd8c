using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Errors;

/// <summary>Gives every response the trace id of its request, so that a report of it can be found in the traces.</summary>
internal sealed class RequestIds(IdSource ids) : IMiddleware
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.TraceIdentifier = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? activity.TraceId.ToHexString()
            : ids.Next().ToString("N");

        // At the start of the response and not now: an error clears the headers that were set before it.
        context.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            context.Response.Headers["x-request-id"] = context.TraceIdentifier;
            return Task.CompletedTask;
        }, context);
        return next(context);
    }
}
