using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Informer.Ai.Errors;

/// <summary>The refusals that handlers answer with. <see cref="ErrorBodyWriter"/> gives them their form.</summary>
internal static class Problems
{
    /// <summary>Not there, or another tenant's or user's: the caller cannot tell.</summary>
    public static ProblemHttpResult NotFound() => Of(404, "There is no such resource.", ErrorCodes.NotFound);

    /// <summary>One field is wrong.</summary>
    public static ProblemHttpResult Invalid(string path, string message, string code = ErrorCodes.Invalid) =>
        Of(400, message, code, ("validation", new[] { new Violation(path, message) }));

    /// <summary>Any refusal.</summary>
    public static ProblemHttpResult Of(int status, string message, string? code, params ReadOnlySpan<(string Name, object? Value)> more) =>
        TypedResults.Problem(Details(status, message, code, more));

    /// <summary>The details behind a refusal, for where there is no result to return.</summary>
    public static ProblemDetails Details(int status, string message, string? code, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var details = new ProblemDetails { Status = status, Detail = message };
        if (code is not null)
        {
            details.Extensions["code"] = code;
        }

        foreach (var (name, value) in more)
        {
            details.Extensions[name] = value;
        }

        return details;
    }
}
