using Informer.Ai.Credits;
using Informer.Ai.Models;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Informer.Ai.Chats;

/// <summary>Everything that a turn needs to run, once its credits are held.</summary>
/// <param name="MessageName">The id of the answer that the stream names.</param>
/// <param name="Continues">The parts of an earlier answer that this one goes on from.</param>
/// <param name="PromptTokens">What the prompt was counted as.</param>
/// <param name="OutputTokensMax">The output limit that the provider is told.</param>
internal sealed record TurnPlan(
    TenantId Tenant,
    UserId User,
    ChatId? Chat,
    TurnId Id,
    string MessageName,
    string? Continues,
    ResolvedModel Model,
    IReadOnlyList<AiMessage> Prompt,
    ChatOptions Options,
    int PromptTokens,
    int OutputTokensMax,
    bool Resumable)
{
    /// <summary>Output tokens that one tranche of the hold covers.</summary>
    public const int SliceTokens = 1_024;

    /// <summary>The tenant's own key pays.</summary>
    public bool Byok => !Model.Provider.Managed;

    /// <summary>The first tranche: the prompt and a slice of output.</summary>
    public int FirstSlice => Math.Min(SliceTokens, OutputTokensMax);

    /// <summary>The price in micro-credits of the prompt and so much output.</summary>
    public long CostOf(long outputTokens) => CostOf(new TokenUsage(PromptTokens, outputTokens));

    /// <summary>The price in micro-credits of a usage.</summary>
    public long CostOf(TokenUsage usage) => Pricing.MicroCredits(usage, Model.Target.Prices);

    /// <summary>The same turn on another model; null when that cannot serve it.</summary>
    public TurnPlan? On(ResolvedModel model)
    {
        var target = model.Target;
        var outputMax = OutputSize.TokensMax(OutputTokensMax, target);
        var serves = target.Chat
            && (Options.Tools is not { Count: > 0 } || target.Tools)
            && (target.Attachments || !Chats.Prompt.HasFiles(Prompt))
            && (target.ContextWindow == 0 || PromptTokens + outputMax <= target.ContextWindow);
        if (!serves)
        {
            return null;
        }

        var options = Options.Clone();
        options.MaxOutputTokens = outputMax;
        return this with { Model = model, Options = options, OutputTokensMax = outputMax };
    }

    /// <summary>The request for the first tranche.</summary>
    public ReserveRequest Reservation(EntityRef? entity) => new(
        Id.Hold,
        User,
        Model.Target.Tier,
        CostOf(FirstSlice),
        entity,
        Byok,
        new Operation("ai", Model.Target.Id, Model.Provider.Id, Pricing.Version(Model.Target.Prices), Chat?.ToString()));
}

/// <summary>How a turn ended.</summary>
/// <param name="Parts">The answer as a JSON array of UI message parts; null when nothing came.</param>
/// <param name="Metadata">Null when nothing came.</param>
internal sealed record TurnOutcome(string? Parts, MessageMetadata? Metadata);
