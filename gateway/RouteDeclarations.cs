using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Builder;

namespace Informer.Ai;

/// <summary>Whether a call of a route is paid for with credits.</summary>
public enum Meter
{
    /// <summary>It costs nothing, and works when credits are gone.</summary>
    Free = 0,

    /// <summary>It holds and settles credits.</summary>
    Metered = 1,
}

/// <summary>What every route under <c>/api</c> declares about itself; <see cref="RouteRules"/> insists.</summary>
public static class RouteDeclarations
{
    /// <summary>Calls of the route are paid for with credits.</summary>
    public static TBuilder Metered<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Meter.Metered);

    /// <summary>Calls of the route cost nothing.</summary>
    public static TBuilder Free<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Meter.Free);

    /// <summary>Only for callers that may use AI.</summary>
    public static TBuilder RequireAi<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(new AiVerified()));

    /// <summary>Only for callers with the permission, or superusers of their tenant.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder route, string permission)
        where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(new Permitted(permission)));
}
