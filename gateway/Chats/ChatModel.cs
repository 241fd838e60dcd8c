using Informer.Ai.Errors;
using Informer.Ai.Models;
using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Informer.Ai.Chats;

/// <summary>The model that a chat is to use, or why it cannot.</summary>
internal readonly record struct ChatModel(ModelEntry? Model, ProblemHttpResult? Problem)
{
    public static async Task<ChatModel> Choose(Caller caller, string idOrSlug) =>
        await caller.Models.Resolve(idOrSlug) switch
        {
            { } model when !ModelVisibility.Sees(caller, model.Requested) => Unknown(),
            { Target.Chat: false } => new ChatModel(null, Problems.Invalid(
                "modelId", "The model is not for chats.", ErrorCodes.ModelCapability)),
            { } model => new ChatModel(model.Target, null),
            null => Unknown(),
        };

    private static ChatModel Unknown() =>
        new(null, Problems.Invalid("modelId", "There is no such model.", ErrorCodes.ModelNotFound));
}
