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

/// <summary>The messages of a chat.</summary>
internal static class MessageEndpoints
{
    private const int LimitAbsent = 50;

    public static void MapMessages(this IEndpointRouteBuilder chats)
    {
        chats.MapGet("{id}/messages", List).Free();
        chats.MapPost("{id}/messages", Append).Free().Accepts<AppendMessageRequest>("application/json")
            .Example("""{ "role": "user", "parts": [{ "type": "text", "text": "A note to keep." }] }""")
            .Refuses(409, ErrorCodes.TurnInProgress);
        chats.MapGet("{id}/messages/{messageId}", Read).Free();
        chats.MapPut("{id}/messages/{messageId}", Change).Free().Accepts<ChangeMessageRequest>("application/json")
            .Example("""{ "feedback": "up" }""")
            .Refuses(409, ErrorCodes.TurnInProgress);
        chats.MapDelete("{id}/messages/{messageId}", Delete).Free().Refuses(409, ErrorCodes.TurnInProgress);
        chats.MapPost("{id}/messages/{messageId}/_explain", Explain).Metered()
            .Accepts<ExplainMessageRequest>(isOptional: true, "application/json").ProducesEvents()
            .Example("""{ "entity": { "type": "app", "id": "sales" } }""")
            .Refuses(400, ErrorCodes.ModelNotFound, ErrorCodes.ModelCapability);
    }

    /// <summary>Lists messages, oldest first.</summary>
    private static async Task<Results<Ok<HalPage<MessageResponse>>, ProblemHttpResult>> List(
        string id, string? start, string? limit, Caller caller, IOptions<GatewayOptions> limits)
    {
        var (first, size) = PageQuery.Read(start, limit, limits.Value, LimitAbsent);
        if (!ChatId.TryParse(id, out var chat) || await caller.Chat(chat).Messages(first, size) is not { } page)
        {
            return Problems.NotFound();
        }

        MessageResponse[] messages = [.. page.Messages.Select(message => MessageResponse.Of(chat, message))];
        return TypedResults.Ok(HalPage.Of($"/api/chats/{chat}/messages", "inf:message", messages, first, page.Total));
    }

    /// <summary>Reads a message.</summary>
    private static async Task<Results<Ok<MessageResponse>, ProblemHttpResult>> Read(string id, string messageId, Caller caller) =>
        ChatId.TryParse(id, out var chat)
        && MessageId.TryParse(messageId, out var message)
        && await caller.Chat(chat).Message(message) is { } found
            ? TypedResults.Ok(MessageResponse.Of(chat, found))
            : Problems.NotFound();

    /// <summary>Adds a message; no turn is run.</summary>
    private static async Task<Results<Ok<MessageResponse>, ProblemHttpResult>> Append(string id, NewMessageBody body, Caller caller) =>
        ChatId.TryParse(id, out var chat) && await caller.Chat(chat).Append(body.Message) is { } answer
            ? answer is { Message: { } added } ? TypedResults.Ok(MessageResponse.Of(chat, added)) : Problem(answer.Outcome)
            : Problems.NotFound();

    /// <summary>Changes parts or feedback of a message; a changed question is not answered anew.</summary>
    private static async Task<Results<Ok<MessageResponse>, ProblemHttpResult>> Change(
        string id, string messageId, MessageEditBody body, Caller caller)
    {
        if (!ChatId.TryParse(id, out var chat)
            || !MessageId.TryParse(messageId, out var message)
            || await caller.Chat(chat).Message(message) is not { } current)
        {
            return Problems.NotFound();
        }

        var answer = await caller.Chat(chat).EditMessage(message, body.For(current));
        return answer is { Message: { } changed } ? TypedResults.Ok(MessageResponse.Of(chat, changed)) : Problem(answer.Outcome);
    }

    /// <summary>Deletes a message, or it and all after it.</summary>
    private static async Task<Results<Ok<DoneResponse>, ProblemHttpResult>> Delete(string id, string messageId, bool? after, Caller caller)
    {
        if (!ChatId.TryParse(id, out var chat) || !MessageId.TryParse(messageId, out var message))
        {
            return Problems.NotFound();
        }

        var answer = await caller.Chat(chat).DeleteMessage(message, after == true);
        return answer.Outcome == MessageOutcome.Done ? TypedResults.Ok(new DoneResponse()) : Problem(answer.Outcome);
    }

    /// <summary>Streams what an answer rests on. It is not added to the chat.</summary>
    private static Task Explain(
        string id, string messageId, ExplainBody body, Caller caller, TurnStreams streams, IdSource ids, HttpContext context)
    {
        if (!ChatId.TryParse(id, out var chat) || !MessageId.TryParse(messageId, out var message))
        {
            return Problems.NotFound().ExecuteAsync(context);
        }

        var turn = new TurnId(ids.Next());
        var invocation = caller.Invocation(turn);
        return streams.Start(context, invocation, turn, async () =>
        {
            var (request, refused) = await caller.Chat(chat).Explain(turn, message, body.Entity);
            return refused ?? await invocation.Run(request!);
        });
    }

    private static ProblemHttpResult Problem(MessageOutcome outcome) => outcome == MessageOutcome.TurnInProgress
        ? Problems.Of(409, "The chat is answering. Wait for it or abort it.", ErrorCodes.TurnInProgress)
        : Problems.NotFound();
}
