using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Errors;

/// <summary>
/// The one place where an error gets its body, whether it comes from a handler, a bare status code or an
/// exception. A problem's title and type are the framework's words and are not shown.
/// </summary>
internal sealed class ErrorBodyWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    private const int RetryAfterSeconds = 1;

    /// <summary>Always: what the client accepts does not change that an error is JSON.</summary>
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        var status = context.ProblemDetails.Status ?? response.StatusCode;
        var extensions = context.ProblemDetails.Extensions;
        var (message, code) = Defaults(status);

        var body = new Dictionary<string, object?>
        {
            ["statusCode"] = status,
            ["error"] = ReasonPhrases.GetReasonPhrase(status),
            ["message"] = context.ProblemDetails.Detail ?? message,
        };
        if (extensions.ContainsKey("code") || code is not null)
        {
            body["code"] = extensions.TryGetValue("code", out var given) ? given : code;
        }

        foreach (var (name, value) in extensions.Where(extension => extension.Key is not ("code" or "traceId")))
        {
            body[name] = value;
        }

        if (status == StatusCodes.Status500InternalServerError)
        {
            body["requestId"] = context.HttpContext.TraceIdentifier;
        }

        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable || extensions.ContainsKey("retryable"))
        {
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(
            response.Body, body, json.Value.SerializerOptions, context.HttpContext.RequestAborted);
    }

    private static (string Message, string? Code) Defaults(int status) => status switch
    {
        400 => ("The request is malformed.", ErrorCodes.Invalid),
        401 => ("A valid API token is needed.", ErrorCodes.Unauthenticated),
        403 => ("You are not allowed to do this.", ErrorCodes.Forbidden),
        404 => ("There is nothing at this address.", ErrorCodes.NotFound),
        405 => ("This address does not take that method.", ErrorCodes.MethodNotAllowed),
        413 => ("The request body is too large.", ErrorCodes.BodyTooLarge),
        415 => ("Send JSON with content-type: application/json.", ErrorCodes.UnsupportedMediaType),
        500 => ("Something went wrong on our side.", null),
        503 => ("The service cannot answer right now. Try again.", ErrorCodes.Unavailable),
        _ => (ReasonPhrases.GetReasonPhrase(status), null),
    };
}
