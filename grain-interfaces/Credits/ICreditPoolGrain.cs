using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>
/// A tenant's credits: the only writer of its ledger. Keyed by tenant id. Each command is durable before it is
/// answered, and carries an id, so that sending it again is safe.
/// </summary>
/// <exception cref="LedgerUnavailableException">From every command: the outcome is unknown, send it again.</exception>
/// <exception cref="LedgerInconsistentException">
/// From <see cref="Reserve"/> and <see cref="Extend"/>, when credits would be held: the last verification failed.
/// </exception>
[GrainInterfaceType("credit-pool")]
public interface ICreditPoolGrain : IGrainWithStringKey
{
    /// <summary>Checks cap, entity budget and pool together and holds the amount at all of them or at none.</summary>
    /// <param name="capMicroCredits">The actor's monthly cap; null is unlimited, 0 a hard stop.</param>
    [Alias("reserve")]
    Task<ReserveAnswer> Reserve(ReserveRequest request, long? capMicroCredits);

    /// <summary>Enlarges an open hold to an amount; never makes it smaller.</summary>
    [Alias("extend")]
    Task<ExtendAnswer> Extend(HoldId hold, long toMicroCredits);

    /// <summary>Charges an operation and releases the rest of its hold, once.</summary>
    [Alias("settle")]
    Task<ResolveAnswer> Settle(Settlement settlement);

    /// <summary>Releases a hold without a charge, once.</summary>
    [Alias("void")]
    Task<ResolveAnswer> Void(HoldId hold);

    /// <summary>Adds credits; the same key again adds nothing and answers false.</summary>
    [Alias("grant")]
    Task<bool> Grant(string key, long microCredits, string reason);

    /// <summary>Corrects what was charged, up or down; the same key again changes nothing and answers false.</summary>
    /// <param name="actor">Whose month is corrected, if anyone's.</param>
    [Alias("adjust")]
    Task<bool> Adjust(string key, long microCredits, UserId? actor, Period period, string reason);

    /// <summary>Sets slush and overage.</summary>
    [Alias("set-policy")]
    Task SetPolicy(PoolPolicy policy);

    /// <summary>Sets an entity's monthly budget; null takes the limit away.</summary>
    [Alias("set-entity-budget")]
    Task<ScopeReading> SetEntityBudget(EntityRef entity, long? microCredits);

    /// <summary>The pool and an actor's current month.</summary>
    [Alias("read")]
    Task<CreditReading> Read(UserId actor);

    /// <summary>An entity's budget and current month.</summary>
    [Alias("read-entity")]
    Task<ScopeReading> ReadEntity(EntityRef entity);

    /// <summary>Resolves holds whose time to live has ended; answers how many.</summary>
    [Alias("sweep")]
    Task<int> Sweep();

    /// <summary>
    /// Compares the ledger with itself, with a second book of it and with this grain's memory. While the last
    /// verification failed, nothing new is held; what is held can still be resolved.
    /// </summary>
    /// <param name="full">Reads all rows; else those since the last verification that passed.</param>
    [Alias("verify"), ResponseTimeout("00:10:00")]
    Task<LedgerVerification> Verify(bool full);
}
