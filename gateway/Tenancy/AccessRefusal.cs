using Informer.Ai.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Tenancy;

/// <summary>Answers a request that is not authenticated or not allowed.</summary>
internal sealed class AccessRefusal : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        if (authorizeResult.Challenged)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            // One message for a missing, a malformed and a wrong token: it tells nothing about which exist.
            return Problems.Of(401, "A valid API token is needed.", ErrorCodes.Unauthenticated).ExecuteAsync(context);
        }

        return authorizeResult.AuthorizationFailure?.FailedRequirements.Any(failed => failed is AiVerified) == true
            ? Problems.Of(403, "AI is not enabled for this tenant or user.", ErrorCodes.AiNotEnabled).ExecuteAsync(context)
            : Problems.Of(403, "You are not allowed to do this.", ErrorCodes.Forbidden).ExecuteAsync(context);
    }
}
