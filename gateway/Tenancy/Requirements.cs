using Microsoft.AspNetCore.Authorization;

namespace Informer.Ai.Tenancy;

/// <summary>The caller's tenant has AI, and the caller may use it.</summary>
internal sealed class AiVerified : AuthorizationHandler<AiVerified>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AiVerified requirement)
    {
        if (context.User.Identity is CallerIdentity { Principal: { AiEnabled: true, AiCredential: true } })
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>The caller has a permission.</summary>
internal sealed class Permitted(string permission) : AuthorizationHandler<Permitted>, IAuthorizationRequirement
{
    private string Permission => permission;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Permitted requirement)
    {
        if (context.User.Identity is CallerIdentity identity && Caller.Permits(identity.Principal, requirement.Permission))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
