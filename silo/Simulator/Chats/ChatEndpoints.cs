using System.Text.Json;
using Informer.Ai.Simulator.Directives;
using Informer.Ai.Simulator.Models;
using Informer.Ai.Simulator.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Informer.Ai.Simulator.Chats;

internal static class ChatEndpoints
{
    private const string Path = "/v1/chat/completions";

    public static void MapChats(this IEndpointRouteBuilder routes, CallPipeline calls)
    {
        var answer = calls.Post(AnswerAsync);
        routes.MapPost(Path, answer);
        routes.MapPost(Redirection.Prefix + Path, answer);
    }

    private static async Task AnswerAsync(Call call, JsonElement body)
    {
        var request = ChatRequest.Read(body);
        var (directive, question, mistake) = call.ReadDirective(Surface.Chat, request.LastUserMessage?.Text ?? "");
        call.Exchange.Learn(
            new RequestFacts(
                request.Model, request.Stream, request.PromptTokens, directive.Reasoning, body.Text("user"), body.Texts("metadata"), directive.Mark),
            Faults.Name(directive.Fault));
        if (!ModelCatalog.Chat.Contains(request.Model))
        {
            await ModelEndpoints.RefuseAsync(call, request.Model);
        }
        else if (mistake is not null)
        {
            await call.RefuseAsync(400, "invalid_directive", mistake, "messages");
        }
        else if (!await Misbehaviour.ReplacesAnswerAsync(call, directive))
        {
            var completion = new Completion(call, request, directive, ChatAnswer.To(request, directive, question));
            await (request.Stream ? new ChatStream(completion).SendAsync() : new ChatDocument(completion).SendAsync());
        }
    }
}
