using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>Asks for a hold on credits before anything that costs is done.</summary>
/// <param name="Hold">Made by the service; the same id again is the same request.</param>
/// <param name="Actor">Who spends.</param>
/// <param name="Tier">The tier of the model to be called.</param>
/// <param name="RequiredMicroCredits">The first tranche, 0 or more.</param>
/// <param name="Entity">The app or dataset that the call is for, if any.</param>
/// <param name="Byok">The tenant's own key pays: cap, entity budget and pool are not asked.</param>
/// <param name="Operation">What is being paid for.</param>
[GenerateSerializer, Immutable, Alias("reserve-request")]
public sealed record ReserveRequest(
    [property: Id(0)] HoldId Hold,
    [property: Id(1)] UserId Actor,
    [property: Id(2)] string Tier,
    [property: Id(3)] long RequiredMicroCredits,
    [property: Id(4)] EntityRef? Entity,
    [property: Id(5)] bool Byok,
    [property: Id(6)] Operation Operation);

/// <summary>What a hold pays for, as its usage event will say.</summary>
/// <param name="ResourceType">A slug such as "ai".</param>
/// <param name="ModelId">The model that is called.</param>
/// <param name="ProviderId">The provider that is called.</param>
/// <param name="PriceVersion">The prices in force, as JSON, so that a wrong price can be corrected later.</param>
/// <param name="ChatId">The chat of a turn; null for a direct call.</param>
/// <param name="Parent">The operation that this side call belongs to, if any.</param>
[GenerateSerializer, Immutable, Alias("operation")]
public sealed record Operation(
    [property: Id(0)] string ResourceType,
    [property: Id(1)] string ModelId,
    [property: Id(2)] string ProviderId,
    [property: Id(3)] string PriceVersion,
    [property: Id(4)] string? ChatId = null,
    [property: Id(5)] HoldId? Parent = null);
