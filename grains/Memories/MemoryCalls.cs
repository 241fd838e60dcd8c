using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Memories;

/// <summary>The calls of models that memories cost, each metered with an event of its own.</summary>
public sealed class MemoryCalls(IGrainFactory grains, ModelCalls calls, IdSource ids, IOptions<MemoryOptions> options)
{
    private const int SummaryTokensMax = 400;

    /// <summary>Writes a summary of messages.</summary>
    /// <exception cref="ProviderException">No provider wrote one.</exception>
    internal async Task<(string? Summary, HoldId Call, RunAnswer? Denied)> Summarize(CallFor made, IEnumerable<StoredMessage> messages)
    {
        if (await Call(made, options.Value.SummaryModel) is not { } call)
        {
            return (null, default, new TurnNotFound("model"));
        }

        var answer = await calls.Complete(call, MemoryText.Summarize(messages), SummaryTokensMax);
        return answer.Result is { } result
            ? string.IsNullOrWhiteSpace(result.Value)
                ? throw new ProviderException("PROVIDER_ERROR", "The model wrote an empty summary.")
                : (result.Value.Trim(), call.Id, null)
            : (null, call.Id, answer.Denied);
    }

    /// <summary>Embeds texts, in their order; all in one space.</summary>
    /// <exception cref="ProviderException">No provider gave them.</exception>
    internal async Task<(IReadOnlyList<Embedding>? Embeddings, RunAnswer? Denied)> Embed(CallFor made, IReadOnlyList<string> texts)
    {
        if (await Call(made, options.Value.EmbeddingModel) is not { } call)
        {
            return (null, new TurnNotFound("model"));
        }

        var answer = await calls.Embed(call, [.. texts.Select(MemoryText.Embedded)]);
        if (answer.Result is not { } result)
        {
            return (null, answer.Denied);
        }

        var model = $"{result.Model.Provider.Id}/{result.Model.Target.Model}";
        return ([.. result.Value.Select(vector => Embedding.Of(model, vector.Span))], null);
    }

    private async Task<MeteredCall?> Call(CallFor made, string idOrSlug) =>
        await grains.GetGrain<IModelCatalogGrain>(made.Owner.Tenant.Value).Resolve(idOrSlug) is { } model
            ? new MeteredCall(new HoldId(ids.Next()), made.Owner.Tenant, made.Owner.User, model, made.Entity, made.Chat, made.Parent)
            : null;
}

/// <summary>For whom and for what a call is made.</summary>
internal sealed record CallFor(MemoryOwner Owner, ChatId? Chat, HoldId? Parent, EntityRef? Entity);
