using Informer.Ai.Chats;
using Informer.Ai.Description;
using Informer.Ai.Errors;
using Informer.Ai.Requests;
using Informer.Ai.Streaming;
using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Models;

/// <summary>Models, and calling them directly.</summary>
internal static class ModelEndpoints
{
    private const int LimitAbsent = 100;
    private const string Relation = "inf:model";

    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/api/models").WithTags("Models").RequireAi();
        models.MapGet("", List).Free();
        models.MapGet("{id}", Read).Free();
        models.MapPost("", Add).Free().RequirePermission(Permission.AiManage).Accepts<SaveModelRequest>("application/json")
            .Example("""{ "name": "Fast", "slug": "fast", "providerId": "managed", "model": "gpt-5-mini", "chat": true, "tier": "everyday", "promptPpm": 0.25, "completionPpm": 2 }""")
            .Refuses(409, ErrorCodes.SlugTaken);
        models.MapPut("{id}", Change).Free().RequirePermission(Permission.AiManage).Accepts<SaveModelRequest>("application/json")
            .Example("""{ "name": "Faster", "promptPpm": 0.20 }""")
            .Refuses(409, ErrorCodes.SlugTaken);
        models.MapDelete("{id}", Remove).Free().RequirePermission(Permission.AiManage);
        models.MapPost("{id}/_chat", Invoke).Metered().Accepts<InvokeModelRequest>("application/json").ProducesEvents()
            .Example("""{ "messages": [{ "id": "1", "role": "user", "parts": [{ "type": "text", "text": "Hello" }] }] }""")
            .Refuses(400, ErrorCodes.ModelCapability);
        models.MapPost("{id}/_completion", Complete).Metered().Accepts<CompletePromptRequest>("application/json").ProducesEvents()
            .Example("""{ "prompt": "Hello" }""")
            .Refuses(400, ErrorCodes.ModelCapability);
        models.MapDirectCalls();
        routes.MapGet("/api/chat-models", ListAllowed).WithTags("Models").RequireAi().Free();
    }

    /// <summary>Lists models; internal ones when asked for by those who manage models.</summary>
    private static async Task<Ok<HalPage<ModelResponse>>> List(
        bool? chat, bool? includeInternal, string? start, string? limit, Caller caller, IOptions<GatewayOptions> limits)
    {
        var (first, size) = PageQuery.Read(start, limit, limits.Value, LimitAbsent);
        var shelf = await ModelShelf.Read(caller);
        var models = shelf.Visible(includeInternal == true).Where(model => chat is null || model.Chat == chat).Select(shelf.Show);
        return TypedResults.Ok(HalPage.Cut("/api/models", Relation, models.ToList(), first, size));
    }

    /// <summary>Reads a model by id or slug.</summary>
    private static async Task<Results<Ok<ModelResponse>, ProblemHttpResult>> Read(string id, Caller caller)
    {
        var shelf = await ModelShelf.Read(caller);
        return shelf.Find(id) is { } model ? TypedResults.Ok(shelf.Show(model)) : Problems.NotFound();
    }

    /// <summary>Adds a model, or an alias of one.</summary>
    private static Task<Results<Ok<ModelResponse>, ProblemHttpResult>> Add(ModelBody body, Caller caller, IdSource ids, TimeProvider time) =>
        Save(body.Make(ids.Next().ToString("N"), time.GetUtcNow()), caller);

    /// <summary>Changes the fields that are sent; in force for the next call.</summary>
    private static async Task<Results<Ok<ModelResponse>, ProblemHttpResult>> Change(
        string id, ModelBody body, Caller caller, TimeProvider time) =>
        (await ModelShelf.Read(caller)).Find(id) is { } model
            ? await Save(body.Change(model, time.GetUtcNow()), caller)
            : Problems.NotFound();

    /// <summary>Takes a model away. Chats that use it become stale, and aliases of it lead nowhere.</summary>
    private static async Task<Results<Ok<DoneResponse>, ProblemHttpResult>> Remove(string id, Caller caller) =>
        await caller.Models.RemoveModel(id) ? TypedResults.Ok(new DoneResponse()) : Problems.NotFound();

    private static async Task<Results<Ok<ModelResponse>, ProblemHttpResult>> Save(ModelEntry model, Caller caller)
    {
        if (await caller.Models.PutModel(model) is { } fault)
        {
            return fault.Conflict
                ? Problems.Of(409, fault.Message, ErrorCodes.SlugTaken)
                : Problems.Invalid(fault.Path, fault.Message);
        }

        var shelf = await ModelShelf.Read(caller);
        return shelf.Find(model.Id) is { } saved ? TypedResults.Ok(shelf.Show(saved)) : Problems.NotFound();
    }

    /// <summary>Lists the chat models of the tiers that the caller may use.</summary>
    private static async Task<Ok<HalPage<ModelResponse>>> ListAllowed(
        string? start, string? limit, Caller caller, IOptions<GatewayOptions> limits)
    {
        var (first, size) = PageQuery.Read(start, limit, limits.Value, LimitAbsent);
        var shelf = await ModelShelf.Read(caller);
        var tiers = (await caller.Usage.Budget()).Profile?.AllowedTiers ?? [];
        var models = shelf.Visible(internalToo: false).Where(model => model.Chat && tiers.Contains(shelf.Target(model).Tier));
        return TypedResults.Ok(HalPage.Cut("/api/chat-models", Relation, models.Select(shelf.Show).ToList(), first, size));
    }

    /// <summary>Asks a model directly and streams its answer.</summary>
    private static Task Invoke(string id, InvocationBody body, Caller caller, TurnStreams streams, HttpContext context) =>
        Start(body.Request with { ModelId = id, InternalToo = ModelVisibility.SeesInternal(caller) }, caller, streams, context);

    /// <summary>Lets a model complete a prompt and streams its answer.</summary>
    private static Task Complete(string id, CompletionBody body, Caller caller, TurnStreams streams, HttpContext context) =>
        Start(body.Request with { ModelId = id, InternalToo = ModelVisibility.SeesInternal(caller) }, caller, streams, context);

    private static Task Start(InvocationRequest request, Caller caller, TurnStreams streams, HttpContext context)
    {
        var invocation = caller.Invocation(request.Turn);
        return streams.Start(context, invocation, request.Turn, () => invocation.Run(request), modelIsResource: true);
    }
}
