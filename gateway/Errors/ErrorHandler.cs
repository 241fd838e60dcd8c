using System.Data.Common;
using Informer.Ai.Credits;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Informer.Ai.Errors;

/// <summary>Turns exceptions into answers. What is not expected says nothing but the request's id.</summary>
internal sealed partial class ErrorHandler(IProblemDetailsService problems, ILogger<ErrorHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to read an answer; 499 is what proxies note for it.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var details = Describe(exception);
        if (details.Status == StatusCodes.Status500InternalServerError || exception is DbException)
        {
            Failed(exception, httpContext.Request.Method, httpContext.GetEndpoint()?.DisplayName);
        }

        httpContext.Response.StatusCode = details.Status!.Value;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = details });
        return true;
    }

    private static ProblemDetails Describe(Exception exception) => exception switch
    {
        RequestException { Violations: { } violations } refused =>
            Problems.Details(refused.StatusCode, refused.Message, refused.Code, ("validation", violations)),
        RequestException refused => Problems.Details(refused.StatusCode, refused.Message, refused.Code),
        // Its message names parameters and types of this code, so only the status is taken.
        BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode },
        LedgerUnavailableException => Problems.Details(
            503, "The credit ledger cannot confirm charges right now. Try again.", ErrorCodes.LedgerUnavailable),
        LedgerInconsistentException => Problems.Details(
            503, "The credit ledger failed its verification. No new credits are held until it is put right.", ErrorCodes.LedgerInconsistent),
        // A store that is down, full or restarting; whether anything was written is not known.
        DbException => new ProblemDetails { Status = 503 },
        // A cancellation that is not the client's comes from a silo that is stopping.
        TimeoutException or OrleansException or OperationCanceledException => new ProblemDetails { Status = 503 },
        _ => new ProblemDetails { Status = 500 },
    };

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} failed")]
    private partial void Failed(Exception exception, string method, string? endpoint);
}
