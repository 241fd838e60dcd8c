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

namespace Informer.Ai.Memories;

/// <summary>Memories of chats, and finding them by meaning.</summary>
internal static class MemoryEndpoints
{
    private const int LimitAbsent = 50;
    private const string Relation = "inf:memory";
    private const string SearchExample = """{ "query": "Where does the user travel?", "limit": 5, "minScore": 0 }""";

    public static void MapMemories(this IEndpointRouteBuilder routes)
    {
        var memories = routes.MapGroup("/api/chats/{id}").WithTags("Memories").RequireAi();
        memories.MapGet("memories", List).Free();
        memories.MapGet("memories/{memoryId}", Read).Free();
        memories.MapPost("memories", Create).Metered().Accepts<CreateMemoryRequest>("application/json")
            .Example("""{ "messageIds": ["0197a3f0000070008000000000000001"], "summary": "The user flies to Lisbon in October." }""");
        memories.MapPut("memories/{memoryId}", Change).Metered().Accepts<ChangeMemoryRequest>("application/json")
            .Example("""{ "summary": "The user flies to Porto in October." }""");
        memories.MapDelete("memories/{memoryId}", Delete).Free();
        memories.MapPost("memories/_search", SearchChat).Metered().Accepts<SearchMemoriesRequest>("application/json").Example(SearchExample);
        routes.MapPost("/api/memories/_search", SearchAll).WithTags("Memories").RequireAi().Metered()
            .Accepts<SearchMemoriesRequest>("application/json").Example(SearchExample);
    }

    /// <summary>Lists a chat's memories, oldest first.</summary>
    private static async Task<Results<Ok<HalPage<MemoryResponse>>, ProblemHttpResult>> List(
        string id, string? start, string? limit, Caller caller, IOptions<GatewayOptions> limits)
    {
        var (first, size) = PageQuery.Read(start, limit, limits.Value, LimitAbsent);
        return ChatId.TryParse(id, out var chat) && await caller.Memories.List(chat, first, size) is { } page
            ? TypedResults.Ok(HalPage.Of(
                $"/api/chats/{chat}/memories", Relation, [.. page.Memories.Select(MemoryResponse.Of)], first, page.Total))
            : Problems.NotFound();
    }

    /// <summary>Reads a memory.</summary>
    private static async Task<Results<Ok<MemoryResponse>, ProblemHttpResult>> Read(string id, string memoryId, Caller caller) =>
        ChatId.TryParse(id, out var chat)
        && MemoryId.TryParse(memoryId, out var memory)
        && await caller.Memories.Read(chat, memory) is { } found
            ? TypedResults.Ok(MemoryResponse.Of(found))
            : Problems.NotFound();

    /// <summary>Makes a memory of messages; without a summary the everyday model writes one.</summary>
    private static async Task<Results<Ok<MemoryResponse>, ProblemHttpResult>> Create(
        string id, CreateMemoryBody body, Caller caller, IdSource ids) =>
        ChatId.TryParse(id, out var chat) && body.Known
            ? Kept(await caller.Memories.Create(new NewMemory(
                new MemoryId(ids.Next()), chat, body.Messages, body.Summary, body.Reason, body.Entity)))
            : Problems.NotFound();

    /// <summary>Replaces a memory's summary.</summary>
    private static async Task<Results<Ok<MemoryResponse>, ProblemHttpResult>> Change(
        string id, string memoryId, ChangeMemoryBody body, Caller caller) =>
        ChatId.TryParse(id, out var chat) && MemoryId.TryParse(memoryId, out var memory)
            ? Kept(await caller.Memories.Change(new ChangedMemory(chat, memory, body.Summary, body.Entity)))
            : Problems.NotFound();

    /// <summary>Deletes a memory.</summary>
    private static async Task<Results<Ok<DoneResponse>, ProblemHttpResult>> Delete(string id, string memoryId, Caller caller) =>
        ChatId.TryParse(id, out var chat) && MemoryId.TryParse(memoryId, out var memory) && await caller.Memories.Delete(chat, memory)
            ? TypedResults.Ok(new DoneResponse())
            : Problems.NotFound();

    /// <summary>Finds memories of a chat by meaning.</summary>
    private static async Task<Results<Ok<HalPage<MemoryHitResponse>>, ProblemHttpResult>> SearchChat(
        string id, SearchMemoriesBody body, Caller caller) =>
        ChatId.TryParse(id, out var chat)
            ? await Search($"/api/chats/{chat}/memories/_search", chat, body, caller)
            : Problems.NotFound();

    /// <summary>Finds memories of all of the caller's chats by meaning.</summary>
    private static Task<Results<Ok<HalPage<MemoryHitResponse>>, ProblemHttpResult>> SearchAll(SearchMemoriesBody body, Caller caller) =>
        Search("/api/memories/_search", null, body, caller);

    private static async Task<Results<Ok<HalPage<MemoryHitResponse>>, ProblemHttpResult>> Search(
        string self, ChatId? chat, SearchMemoriesBody body, Caller caller)
    {
        var answer = await caller.Memories.Search(new MemorySearch(chat, body.Query, body.Limit, body.ScoreMin, body.Entity));
        return answer is MemoriesFound found
            ? TypedResults.Ok(HalPage.Of(self, Relation, [.. found.Hits.Select(MemoryHitResponse.Of)], 0, found.Hits.Length))
            : Problem(answer);
    }

    private static Results<Ok<MemoryResponse>, ProblemHttpResult> Kept(MemoryAnswer answer) =>
        answer is MemoryKept kept ? TypedResults.Ok(MemoryResponse.Of(kept.Memory)) : Problem(answer);

    private static ProblemHttpResult Problem(MemoryAnswer answer) => answer switch
    {
        MemoryNotFound => Problems.NotFound(),
        // The service chose the model, so that the request is not at fault when there is none.
        MemoryDenied { Why: TurnNotFound { What: "model" } or ModelLacksCapability } => Problems.Of(
            503, "The tenant has no model for memories.", ErrorCodes.Unavailable),
        MemoryDenied denied => RunProblem.Of(denied.Why, modelIsResource: false),
        MemoryProviderFailed failed => Problems.Of(502, failed.Message, failed.Code),
        MemoryIndexFailed => Problems.Of(503, "Memories cannot be searched right now. Try again.", ErrorCodes.Unavailable),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer.GetType().Name, "An answer without a meaning in HTTP."),
    };
}
