using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Informer.Ai.Gateway;

/// <summary>L42: a route that spends declares its meter, and every route says who may call it.</summary>
public class RouteRuleTests
{
    private static readonly string[] Metered =
    [
        "POST /api/chats/{id}", "POST /api/chats/{id}/memories", "POST /api/chats/{id}/memories/_search",
        "POST /api/chats/{id}/messages/{messageId}/_explain", "POST /api/memories/_search", "POST /api/models/{id}/_chat", "POST /api/models/{id}/_completion",
        "POST /api/models/{id}/_embed", "POST /api/models/{id}/_image", "POST /api/models/{id}/_object", "PUT /api/chats/{id}/memories/{memoryId}",
    ];

    [Fact]
    public async Task L42_Every_route_declares_its_meter_and_its_callers()
    {
        await using var app = WebApplication.CreateSlimBuilder().WithGateway();

        // Mapping verifies, and this is the proof that it looked at something.
        app.MapGateway();

        Assert.Equal(Metered, Routes(app)
            .Where(route => route.Metadata.OfType<Meter>().Single() == Meter.Metered)
            .Select(route => $"{route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {route.RoutePattern.RawText}")
            .Order());
    }

    [Fact]
    public async Task L42_A_route_without_a_meter_is_named()
    {
        await using var app = WebApplication.CreateSlimBuilder().WithGateway();
        app.MapPost("/api/planted", () => "").AllowAnonymous();

        var refused = Assert.Throws<InvalidOperationException>(() => app.MapGateway());

        Assert.Equal("POST /api/planted is neither metered nor free: declare .Metered() or .Free().", refused.Message);
    }

    [Fact]
    public async Task A_route_that_is_open_by_oversight_is_named()
    {
        await using var app = WebApplication.CreateSlimBuilder().WithGateway();
        app.MapGet("/api/planted", () => "").Free();

        var refused = Assert.Throws<InvalidOperationException>(() => app.MapGateway());

        Assert.StartsWith("GET /api/planted does not say who may call it", refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<RouteEndpoint> Routes(IEndpointRouteBuilder app) => app.DataSources
        .SelectMany(source => source.Endpoints)
        .OfType<RouteEndpoint>()
        .Where(route => route.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal));
}

internal static class RouteRuleApp
{
    public static WebApplication WithGateway(this WebApplicationBuilder builder)
    {
        builder.Services.AddGateway();
        return builder.Build();
    }
}
