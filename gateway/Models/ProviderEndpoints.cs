using Informer.Ai.Chats;
using Informer.Ai.Description;
using Informer.Ai.Errors;
using Informer.Ai.Requests;
using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Models;

/// <summary>The vendor accounts through which a tenant's models are called.</summary>
internal static class ProviderEndpoints
{
    private const int LimitAbsent = 100;
    private const string Path = "/api/providers";

    public static void MapProviders(this IEndpointRouteBuilder routes)
    {
        var providers = routes.MapGroup(Path).WithTags("Providers").RequireAi().RequirePermission(Permission.AiManage).Free();
        providers.MapGet("", List);
        providers.MapGet("types", ListTypes);
        providers.MapGet("{id}", Read);
        providers.MapPost("", Create).Accepts<CreateProviderRequest>("application/json")
            .Example("""{ "name": "Ours", "type": "openai", "credential": { "type": "api_key", "apiKey": "sk-..." } }""")
            .Refuses(403, ErrorCodes.EnterpriseCredentialRequired);
        providers.MapPut("{id}", Change).Accepts<ChangeProviderRequest>("application/json")
            .Example("""{ "name": "Ours, renamed" }""")
            .Refuses(403, ErrorCodes.ProviderManaged);
        providers.MapDelete("{id}", Delete).Refuses(403, ErrorCodes.ProviderManaged).Refuses(409, ErrorCodes.ProviderInUse);
        providers.MapPost("{id}/_test", Test);
        providers.MapGet("{id}/_models", ListModels).Refuses(502, DescribedRefusals.ProviderCodes);
    }

    /// <summary>Lists providers, the managed ones first.</summary>
    private static async Task<Ok<HalPage<ProviderResponse>>> List(
        string? start, string? limit, Caller caller, IOptions<GatewayOptions> limits)
    {
        var (first, size) = PageQuery.Read(start, limit, limits.Value, LimitAbsent);
        ProviderResponse[] providers = [.. (await caller.Providers.Providers()).Select(ProviderResponse.Of)];
        return TypedResults.Ok(HalPage.Cut(Path, "inf:provider", providers, first, size));
    }

    /// <summary>Lists the types of providers, each with the JSON Schema of its credential.</summary>
    private static Ok<HalPage<ProviderTypeResponse>> ListTypes(string? start, string? limit, IOptions<GatewayOptions> limits)
    {
        var (first, size) = PageQuery.Read(start, limit, limits.Value, LimitAbsent);
        ProviderTypeResponse[] types = [.. ProviderType.All.Select(ProviderTypeResponse.Of)];
        return TypedResults.Ok(HalPage.Cut($"{Path}/types", "inf:provider-type", types, first, size));
    }

    /// <summary>Reads a provider.</summary>
    private static async Task<Results<Ok<ProviderResponse>, ProblemHttpResult>> Read(string id, Caller caller) =>
        await caller.Providers.FindProvider(id) is { } provider ? TypedResults.Ok(ProviderResponse.Of(provider)) : Problems.NotFound();

    /// <summary>Adds a provider that the tenant pays itself (BYOK).</summary>
    private static async Task<Results<Ok<ProviderResponse>, ProblemHttpResult>> Create(
        NewProviderBody body, Caller caller, CredentialSeal seal, IdSource ids, TimeProvider time)
    {
        if (!await MayBringKeys(caller, time))
        {
            return KeysNotLicensed();
        }

        var (id, now) = (ids.Next().ToString("N"), time.GetUtcNow());
        var credential = seal.Close(caller.Principal.Tenant, id, body.Address, body.ApiKey);
        var provider = new ProviderEntry(id, body.Name, body.Type, Managed: false, body.BaseUrl, now, now, credential);
        await caller.Models.PutProvider(provider);
        return TypedResults.Ok(ProviderResponse.Of(provider));
    }

    /// <summary>Changes the fields that are sent. An address of another origin drops the key, unless a new one comes with it.</summary>
    private static async Task<Results<Ok<ProviderResponse>, ProblemHttpResult>> Change(
        string id, ProviderChangeBody body, Caller caller, CredentialSeal seal, TimeProvider time)
    {
        if (await caller.Providers.FindProvider(id) is not { } current)
        {
            return Problems.NotFound();
        }

        if (current.Managed)
        {
            return Managed();
        }

        if (body.Fault(current) is { } fault)
        {
            return Problems.Invalid(fault.Path, fault.Message);
        }

        return body.BringsKey && !await MayBringKeys(caller, time)
            ? KeysNotLicensed()
            : Answer(await caller.Providers.ChangeProvider(body.For(current, seal)), ProviderResponse.Of);
    }

    /// <summary>Deletes a provider that no model uses, and its key.</summary>
    private static async Task<Results<Ok<DoneResponse>, ProblemHttpResult>> Delete(string id, Caller caller) =>
        Answer(await caller.Providers.DeleteProvider(id), _ => new DoneResponse());

    /// <summary>Calls a provider once, for its list of models, which costs nothing.</summary>
    private static async Task<Results<Ok<ProviderTestResponse>, ProblemHttpResult>> Test(string id, Caller caller) =>
        await caller.Probe.Ask(id) is { } answer
            ? TypedResults.Ok(new ProviderTestResponse(answer.Code is null, (long)answer.Latency.TotalMilliseconds, answer.Message))
            : Problems.NotFound();

    /// <summary>Lists what a provider offers, as it says now.</summary>
    private static async Task<Results<Ok<HalPage<OfferedModelResponse>>, ProblemHttpResult>> ListModels(
        string id, string? start, string? limit, Caller caller, IOptions<GatewayOptions> limits)
    {
        var (first, size) = PageQuery.Read(start, limit, limits.Value, LimitAbsent);
        return await caller.Probe.Ask(id) switch
        {
            null => Problems.NotFound(),
            { Code: { } code, Message: var message } => Problems.Of(502, message!, code),
            { Models: var names } => TypedResults.Ok(HalPage.Cut(
                $"{Path}/{id}/_models", "inf:offered-model", names.Select(name => new OfferedModelResponse(name)).ToList(), first, size)),
        };
    }

    private static async Task<bool> MayBringKeys(Caller caller, TimeProvider time) =>
        (await caller.Tenant.Standing(caller.Principal.User)).Entitlement is { Byok: true } entitlement && entitlement.Allows(time.GetUtcNow());

    private static ProblemHttpResult KeysNotLicensed() => Problems.Of(
        403, "The tenant's licence does not include its own provider keys.", ErrorCodes.EnterpriseCredentialRequired);

    private static ProblemHttpResult Managed() => Problems.Of(
        403, "This provider is managed by the operator and cannot be changed here.", ErrorCodes.ProviderManaged);

    private static Results<Ok<T>, ProblemHttpResult> Answer<T>(ProviderAnswer answer, Func<ProviderEntry, T> done) => answer.Outcome switch
    {
        ProviderOutcome.Done => TypedResults.Ok(done(answer.Provider!)),
        ProviderOutcome.NotFound => Problems.NotFound(),
        ProviderOutcome.Managed => Managed(),
        ProviderOutcome.InUse => Problems.Of(
            409,
            "Models are called through this provider. Give them another one or delete them first.",
            ErrorCodes.ProviderInUse,
            ("models", answer.Models.Select(model => new ModelReference(model.Id, model.Name)).ToArray())),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer.Outcome, "An outcome without a meaning in HTTP."),
    };

    private sealed record ModelReference(string Id, string Name);
}
