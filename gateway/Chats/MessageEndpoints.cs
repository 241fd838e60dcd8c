using Informer.Ai.Errors;
using Informer.Ai.Requests;
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
        chats.MapGet("{id}/messages/{messageId}", Read).Free();
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
}
