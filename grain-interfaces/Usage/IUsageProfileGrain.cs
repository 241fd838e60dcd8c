using Informer.Ai.Credits;

namespace Informer.Ai.Usage;

/// <summary>One user's way to the pool: entitlement, tier and cap. Keyed by <see cref="Tenancy.UserKey"/>.</summary>
[GrainInterfaceType("usage-profile")]
public interface IUsageProfileGrain : IGrainWithStringKey
{
    /// <summary>
    /// Checks entitlement, tier, cap, entity budget and pool in this order, and holds the amount at all of
    /// them or at none. The same hold id again answers as the first time.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">The hold could not be made durable.</exception>
    [Alias("reserve")]
    Task<ReserveAnswer> Reserve(ReserveRequest request);

    /// <summary>The user's budget now.</summary>
    [Alias("budget")]
    Task<BudgetReading> Budget();
}
