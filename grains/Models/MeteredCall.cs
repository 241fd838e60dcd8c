using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Models;

/// <summary>A call of a model that is paid for and is not a turn: a direct one, or a side call of another operation.</summary>
/// <param name="Id">Its hold, made by the service: the same id again is the same call.</param>
/// <param name="Model">The model to be called; its fallbacks are tried when it fails before it has served anything.</param>
/// <param name="Chat">The chat that it is made for, if any.</param>
/// <param name="Parent">The operation that this side call belongs to, if any.</param>
public sealed record MeteredCall(
    HoldId Id,
    TenantId Tenant,
    UserId User,
    ResolvedModel Model,
    EntityRef? Entity = null,
    ChatId? Chat = null,
    HoldId? Parent = null)
{
    /// <summary>The request for its hold.</summary>
    internal ReserveRequest Reservation(TokenUsage required) => new(
        Id,
        User,
        Model.Target.Tier,
        Pricing.MicroCredits(required, Model.Target.Prices),
        Entity,
        !Model.Provider.Managed,
        new Operation("ai", Model.Target.Id, Model.Provider.Id, Pricing.Version(Model.Target.Prices), Chat?.ToString(), Parent));
}

/// <summary>How a metered call was answered: it was denied before anything was called, or it has a result.</summary>
/// <param name="Denied">Why it was not made; null when it was.</param>
/// <param name="Result">Null when it was denied.</param>
public sealed record MeteredAnswer<T>(RunAnswer? Denied, MeteredResult<T>? Result)
{
    internal static MeteredAnswer<T> No(RunAnswer why) => new(why, null);
}

/// <summary>What a metered call has served, and its charge.</summary>
/// <param name="Model">The model that answered.</param>
public sealed record MeteredResult<T>(
    T Value, ResolvedModel Model, TokenUsage Usage, long ChargedMicroCredits, bool Estimated);
