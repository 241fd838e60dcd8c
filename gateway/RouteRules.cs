using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace Informer.Ai;

/// <summary>Rules that every route under <c>/api</c> keeps, so that none spends or opens anything by oversight.</summary>
public static class RouteRules
{
    /// <summary>Checks the routes of one source.</summary>
    /// <exception cref="InvalidOperationException">A route does not say whether it is metered, or who may call it.</exception>
    public static void Verify(EndpointDataSource routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var broken = routes.Endpoints.OfType<RouteEndpoint>().SelectMany(Broken).ToList();
        if (broken.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, broken));
        }
    }

    private static IEnumerable<string> Broken(RouteEndpoint route)
    {
        var path = "/" + route.RoutePattern.RawText?.TrimStart('/');
        if (path != "/api" && !path.StartsWith("/api/", StringComparison.OrdinalIgnoreCase))
        {
            yield break;
        }

        var name = $"{string.Join(',', route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])} {path}";
        if (!route.Metadata.OfType<Meter>().Any())
        {
            yield return $"{name} is neither metered nor free: declare .Metered() or .Free().";
        }

        if (route.Metadata.GetMetadata<IAuthorizeData>() is null && route.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            yield return $"{name} does not say who may call it: declare an authorization or .AllowAnonymous().";
        }
    }
}
