using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Description;
using Informer.Ai.Errors;
using Informer.Ai.Memories;
using Informer.Ai.Models;
using Informer.Ai.Requests;
using Informer.Ai.Streaming;
using Informer.Ai.Tenancy;
using Informer.Ai.Usage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Scalar.AspNetCore;

namespace Informer.Ai;

/// <summary>Puts the HTTP API into a web application that can reach the grains.</summary>
public static class GatewayHosting
{
    /// <summary>
    /// Adds what the API needs. The host supplies an <see cref="IGrainFactory"/>, and adds its health checks to
    /// those of <c>/health/ready</c>.
    /// </summary>
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddOptions<GatewayOptions>()
            .BindConfiguration(GatewayOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdSource>();
        services.AddSingleton<TurnStreams>();
        services.AddDataProtection();
        services.AddSingleton<CredentialSeal>();

        // Before AddProblemDetails: the first writer that can write does.
        services.AddSingleton<IProblemDetailsWriter, ErrorBodyWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ErrorHandler>();
        services.AddSingleton<RequestIds>();
        services.AddSingleton<BodyLimit>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new UtcTime()));

        services.AddAuthentication(TokenAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusal>();
        services.AddRateLimiter(limits => limits.AddPolicy<string, StreamLimit>(StreamLimit.Policy));
        services.AddSingleton<IConfigureOptions<SocketTransportOptions>, ClientSockets>();
        services.AddHealthChecks();
        services.AddOpenApi(options => options
            .AddOperationTransformer<RouteDescription>()
            .AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "Informer AI";
                return Task.CompletedTask;
            }));
        return services;
    }

    /// <summary>Maps the API, its description, and health.</summary>
    /// <exception cref="InvalidOperationException">A route breaks one of the <see cref="RouteRules"/>.</exception>
    public static WebApplication MapGateway(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<RequestIds>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<BodyLimit>();
        // Named here, so that they do not run before the error handling above, where the host would put them.
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();

        app.MapHealth();
        app.MapChats();
        app.MapMemories();
        app.MapModels();
        app.MapProviders();
        app.MapUsage();
        app.MapLedger();
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference("/docs").AllowAnonymous();

        foreach (var routes in ((IEndpointRouteBuilder)app).DataSources)
        {
            RouteRules.Verify(routes);
        }

        return app;
    }
}
