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

namespace Informer.Ai.Chats;

/// <summary>Chats and their turns.</summary>
internal static class ChatEndpoints
{
    private const int LimitAbsent = 20;

    public static void MapChats(this IEndpointRouteBuilder routes)
    {
        var chats = routes.MapGroup("/api/chats").WithTags("Chats").RequireAi();
        chats.MapGet("", List).Free();
        chats.MapPost("", Create).Free().Accepts<CreateChatRequest>("application/json")
            .Example("""{ "modelId": "go_everyday", "name": "Quarter report", "instructions": "Be brief." }""")
            .Refuses(400, ErrorCodes.ModelNotFound, ErrorCodes.ModelCapability);
        chats.MapGet("{id}", Read).Free();
        chats.MapPut("{id}", Change).Free().Accepts<ChangeChatRequest>("application/json")
            .Example("""{ "name": "Year report", "pinned": true }""")
            .Refuses(400, ErrorCodes.ModelNotFound, ErrorCodes.ModelCapability);
        chats.MapDelete("{id}", Delete).Free();
        chats.MapPost("{id}", Run).Metered().Accepts<RunTurnRequest>("application/json").ProducesEvents()
            .Example("""{ "message": { "id": "1", "role": "user", "parts": [{ "type": "text", "text": "How was the quarter?" }] } }""")
            .Refuses(400, ErrorCodes.ModelNotFound, ErrorCodes.ModelCapability)
            .Refuses(409, ErrorCodes.TurnInProgress);
        chats.MapGet("{id}/_stream", Join).Free().ProducesEvents().Produces(StatusCodes.Status204NoContent)
            // Of a turn that has just failed.
            .Refuses(502, DescribedRefusals.ProviderCodes);
        chats.MapPost("{id}/_abort", Abort).Free();
        chats.MapPost("{id}/_fork", Fork).Free().Accepts<ForkChatRequest>(isOptional: true, "application/json")
            .Example("""{ "messageId": null }""");
        chats.MapGet("{id}/_export", ChatExport.Write).Free()
            .Produces<ChatExportResponse>(StatusCodes.Status200OK, "application/json", "text/markdown");
        chats.MapMessages();
    }

    /// <summary>Lists the caller's chats: pinned ones first, then the latest. <c>q</c> is a part of the name, in any case.</summary>
    private static async Task<Ok<ChatListResponse>> List(
        string? limit, string? offset, string? q, string? directory, bool? pinned, Caller caller, IOptions<GatewayOptions> limits)
    {
        var (start, size) = PageQuery.Read(offset, limit, limits.Value, LimitAbsent, "offset");
        var page = await caller.Chats.List(new ChatQuery(size, start, q, directory, pinned));
        return TypedResults.Ok(new ChatListResponse(page.Total, size, start, [.. page.Chats.Select(ChatResponse.Of)]));
    }

    /// <summary>Makes a chat.</summary>
    private static async Task<Results<Ok<ChatResponse>, ProblemHttpResult>> Create(ChatBody body, Caller caller, IdSource ids)
    {
        var choice = await ChatModel.Choose(caller, body.ModelId!);
        if (choice.Problem is { } problem)
        {
            return problem;
        }

        var chat = await caller.Chat(new ChatId(ids.Next())).Create(body.Apply(ChatBody.Default, choice.Model), body.Messages);
        return TypedResults.Ok(ChatResponse.Of(chat));
    }

    /// <summary>Reads a chat.</summary>
    private static async Task<Results<Ok<ChatResponse>, ProblemHttpResult>> Read(string id, Caller caller) =>
        Found(ChatId.TryParse(id, out var chat) ? await caller.Chat(chat).Read() : null);

    /// <summary>Changes the fields that are sent.</summary>
    private static async Task<Results<Ok<ChatResponse>, ProblemHttpResult>> Change(string id, ChatBody body, Caller caller)
    {
        if (!ChatId.TryParse(id, out var chat) || await caller.Chat(chat).Read() is not { } current)
        {
            return Problems.NotFound();
        }

        var choice = body.ModelId is { } model ? await ChatModel.Choose(caller, model) : default;
        return choice.Problem is { } problem
            ? problem
            : Found(await caller.Chat(chat).Change(body.Apply(current.Settings, choice.Model), body.Renames));
    }

    /// <summary>Deletes a chat with everything in it.</summary>
    private static async Task<Results<Ok<DoneResponse>, ProblemHttpResult>> Delete(string id, Caller caller) =>
        ChatId.TryParse(id, out var chat) && await caller.Chat(chat).Delete()
            ? TypedResults.Ok(new DoneResponse())
            : Problems.NotFound();

    /// <summary>Asks for one answer and streams it.</summary>
    private static async Task Run(string id, TurnBody body, Caller caller, TurnStreams streams, HttpContext context)
    {
        if (!ChatId.TryParse(id, out var chatId))
        {
            await Problems.NotFound().ExecuteAsync(context);
            return;
        }

        if (body.Request.ModelId is { } model && (await ChatModel.Choose(caller, model)).Problem is { } problem)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        var chat = caller.Chat(chatId);
        await streams.Start(context, chat, body.Request.Turn, async () => await chat.Run(body.Request) switch
        {
            // Whoever stops an answer and asks again at once is not to be refused because of its own last words.
            TurnInProgress { Running: var left } when await chat.Over(left) => await chat.Run(body.Request),
            var answer => answer,
        });
    }

    /// <summary>Joins the answer in flight; 204 when there is none.</summary>
    private static async Task Join(string id, Caller caller, TurnStreams streams, HttpContext context)
    {
        var chat = ChatId.TryParse(id, out var chatId) ? caller.Chat(chatId) : null;
        if (chat is not null && await chat.Joinable() is { } turn)
        {
            await streams.Join(context, chat, turn.Id);
        }
        else if (chat is null || await chat.Read() is null)
        {
            await Problems.NotFound().ExecuteAsync(context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    /// <summary>Stops the answer in flight, if any.</summary>
    private static async Task<Results<Ok<DoneResponse>, ProblemHttpResult>> Abort(string id, Caller caller)
    {
        if (!ChatId.TryParse(id, out var chat) || await caller.Chat(chat).Read() is null)
        {
            return Problems.NotFound();
        }

        await caller.Chat(chat).Abort(null);
        return TypedResults.Ok(new DoneResponse());
    }

    /// <summary>Makes a chat with the same settings and the history up to a message, or all of it.</summary>
    private static async Task<Results<Ok<ChatResponse>, ProblemHttpResult>> Fork(string id, ForkBody body, Caller caller, IdSource ids) =>
        Found(ChatId.TryParse(id, out var chat) && body.Names(out var last)
            ? await caller.Chat(chat).Fork(new ChatId(ids.Next()), last)
            : null);

    private static Results<Ok<ChatResponse>, ProblemHttpResult> Found(Chat? chat) =>
        chat is null ? Problems.NotFound() : TypedResults.Ok(ChatResponse.Of(chat));
}
