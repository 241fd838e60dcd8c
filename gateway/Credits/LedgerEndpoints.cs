using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Informer.Ai.Credits;

/// <summary>The proof of a tenant's credits.</summary>
internal static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/_ledger/verify", Verify)
            .WithTags("Ledger")
            .RequirePermission(Permission.TenantSuperuser)
            .Free();

    /// <summary>Verifies the caller's ledger: the rows since the last verification, or with <c>full=true</c> all of them.</summary>
    private static async Task<Ok<VerificationResponse>> Verify(Caller caller, bool full = false) =>
        TypedResults.Ok(VerificationResponse.Of(await caller.Pool.Verify(full)));
}
