using Informer.Ai.Credits;
using Informer.Ai.Description;
using Informer.Ai.Errors;
using Informer.Ai.Requests;
using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Usage;

/// <summary>Budgets of users and entities, and the profiles behind them.</summary>
internal static class UsageEndpoints
{
    private const int LimitAbsent = 50;

    public static void MapUsage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/ai-budget", ReadBudget).WithTags("Usage").RequireAi().Free();

        var profiles = routes.MapGroup("/api/usage-profiles").WithTags("Usage profiles").Free();
        profiles.MapGet("", ListProfiles).RequirePermission(Permission.TenantSuperuser);
        profiles.MapGet("{id}", ReadProfile).RequirePermission(Permission.TenantSuperuser);
        profiles.MapPut("{id}", ChangeProfile).RequirePermission(Permission.UsageWrite)
            .Accepts<ChangeProfileRequest>("application/json")
            .Example("""{ "creditCapPerMonth": 5000, "allowedModelTiers": ["everyday", "advanced"] }""");

        var budgets = routes.MapGroup("/api/usage-budgets").WithTags("Entity budgets").Free();
        budgets.MapGet("{entityType}/{entityId}", ReadEntityBudget).RequirePermission(Permission.TenantSuperuser);
        budgets.MapPut("{entityType}/{entityId}", ChangeEntityBudget).RequirePermission(Permission.UsageWrite)
            .Accepts<ChangeEntityBudgetRequest>("application/json")
            .Example("""{ "monthlyBudget": 1000 }""");
    }

    /// <summary>Reads what the caller may still spend.</summary>
    private static async Task<Ok<BudgetResponse>> ReadBudget(Caller caller)
    {
        var byok = caller.Models.HasOwnProvider();
        var budget = await caller.Usage.Budget();
        return TypedResults.Ok(BudgetResponse.Of(budget, await byok));
    }

    /// <summary>Lists usage profiles, the seeded ones first.</summary>
    private static async Task<Ok<HalPage<ProfileResponse>>> ListProfiles(
        string? start, string? limit, Caller caller, IOptions<GatewayOptions> limits)
    {
        var (first, size) = PageQuery.Read(start, limit, limits.Value, LimitAbsent);
        ProfileResponse[] profiles = [.. (await caller.Tenant.Profiles()).Select(ProfileResponse.Of)];
        return TypedResults.Ok(HalPage.Cut("/api/usage-profiles", "inf:usage-profile", profiles, first, size));
    }

    /// <summary>Reads a usage profile.</summary>
    private static async Task<Results<Ok<ProfileResponse>, ProblemHttpResult>> ReadProfile(string id, Caller caller) =>
        await Find(id, caller) is { } profile ? TypedResults.Ok(ProfileResponse.Of(profile)) : Problems.NotFound();

    /// <summary>Changes the fields that are sent; in force for the next request.</summary>
    private static async Task<Results<Ok<ProfileResponse>, ProblemHttpResult>> ChangeProfile(
        string id, ProfileBody body, Caller caller, TimeProvider time)
    {
        if (await Find(id, caller) is not { } current)
        {
            return Problems.NotFound();
        }

        var changed = body.Apply(current, time.GetUtcNow());
        return await caller.Tenant.ChangeProfile(changed) ? TypedResults.Ok(ProfileResponse.Of(changed)) : Problems.NotFound();
    }

    /// <summary>Reads the budget of an app or dataset.</summary>
    private static async Task<Results<Ok<EntityBudgetResponse>, ProblemHttpResult>> ReadEntityBudget(
        string entityType, string entityId, Caller caller) =>
        Entity(entityType, entityId) is { } entity
            ? TypedResults.Ok(EntityBudgetResponse.Of(entity, await caller.Pool.ReadEntity(entity)))
            : Problems.NotFound();

    /// <summary>Sets the budget of an app or dataset; in force for the next request.</summary>
    private static async Task<Results<Ok<EntityBudgetResponse>, ProblemHttpResult>> ChangeEntityBudget(
        string entityType, string entityId, EntityBudgetBody body, Caller caller)
    {
        if (Entity(entityType, entityId) is not { } entity)
        {
            return Problems.NotFound();
        }

        var reading = await (body.Named
            ? caller.Pool.SetEntityBudget(entity, body.MicroCredits)
            : caller.Pool.ReadEntity(entity));
        return TypedResults.Ok(EntityBudgetResponse.Of(entity, reading));
    }

    private static async Task<UsageProfile?> Find(string id, Caller caller) =>
        (await caller.Tenant.Profiles()).FirstOrDefault(profile => profile.Id == id);

    // An escaped slash is the one escape that the server leaves in a path; ids may have one.
    private static EntityRef? Entity(string type, string id) =>
        EntityReader.Types.Contains(type) && id.Length <= EntityReader.IdMax
            ? new EntityRef(type, id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase))
            : null;
}
