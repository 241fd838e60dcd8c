using System.Security.Claims;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Informer.Ai.Usage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Informer.Ai.Tenancy;

/// <summary>
/// Who sent the request, and the grains that it can reach: all their keys carry its own tenant and user, none
/// is built from the route alone.
/// </summary>
internal sealed class Caller(Principal principal, IGrainFactory grains)
{
    public Principal Principal => principal;

    public ICreditPoolGrain Pool => grains.GetGrain<ICreditPoolGrain>(principal.Tenant.Value);

    public ITenantGrain Tenant => grains.GetGrain<ITenantGrain>(principal.Tenant.Value);

    public IModelCatalogGrain Models => grains.GetGrain<IModelCatalogGrain>(principal.Tenant.Value);

    public IProviderCatalogGrain Providers => grains.GetGrain<IProviderCatalogGrain>(principal.Tenant.Value);

    public IProviderProbeGrain Probe => grains.GetGrain<IProviderProbeGrain>(principal.Tenant.Value);

    public IUsageProfileGrain Usage => grains.GetGrain<IUsageProfileGrain>(UserKey.Of(principal.Tenant, principal.User));

    public IChatListGrain Chats => grains.GetGrain<IChatListGrain>(UserKey.Of(principal.Tenant, principal.User));

    public IChatGrain Chat(ChatId id) => grains.GetGrain<IChatGrain>(UserKey.Of(principal.Tenant, principal.User, id.Value));

    public IInvocationGrain Invocation(TurnId turn) =>
        grains.GetGrain<IInvocationGrain>(UserKey.Of(principal.Tenant, principal.User, turn.Value));

    public IModelCallGrain ModelCall(Guid id) =>
        grains.GetGrain<IModelCallGrain>(UserKey.Of(principal.Tenant, principal.User, id));

    /// <summary>Has the permission, by itself or as the superuser of its tenant.</summary>
    public bool May(string permission) => Permits(principal, permission);

    /// <summary>
    /// A superuser may do everything in its own tenant. Operating the platform is outside of any tenant.
    /// </summary>
    public static bool Permits(Principal principal, string permission) =>
        principal.Permissions.Contains(permission)
        || (permission != Permission.PlatformOperator && principal.Permissions.Contains(Permission.TenantSuperuser));

    /// <summary>Binds a handler's parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<Caller?>(new Caller(context.Caller(), context.RequestServices.GetRequiredService<IGrainFactory>()));
}

/// <summary>An authenticated identity that remembers its principal.</summary>
internal sealed class CallerIdentity(Principal principal, string scheme)
    : ClaimsIdentity([new Claim(ClaimTypes.Name, principal.Username)], scheme)
{
    public Principal Principal => principal;
}

/// <summary>Reads the principal of a request.</summary>
public static class CallerContext
{
    /// <summary>The principal; only on a route that needs one.</summary>
    public static Principal Caller(this HttpContext context) =>
        context?.User.Identity is CallerIdentity identity
            ? identity.Principal
            : throw new InvalidOperationException("The route is anonymous: it has no caller.");
}
