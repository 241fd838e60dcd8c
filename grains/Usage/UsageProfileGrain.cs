using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using Orleans.Concurrency;

namespace Informer.Ai.Usage;

/// <summary>
/// Knows what a user may spend, and passes it on to the pool, which decides cap, entity and pool together. It
/// keeps no money of its own, so calls may interleave at every await: the pool serializes them.
/// </summary>
[Reentrant]
[GrainType("usage-profile")]
public sealed class UsageProfileGrain(IGrainFactory grains, TimeProvider time) : Grain, IUsageProfileGrain
{
    private const long MicroCreditsPerCredit = 1_000_000;

    private UserId User => UserKey.Parse(this.GetPrimaryKeyString()).User;

    private TenantId Tenant => UserKey.Parse(this.GetPrimaryKeyString()).Tenant;

    private ICreditPoolGrain Pool => grains.GetGrain<ICreditPoolGrain>(Tenant.Value);

    /// <inheritdoc/>
    public async Task<ReserveAnswer> Reserve(ReserveRequest request)
    {
        var standing = await Standing();
        var cap = CapOf(standing.Profile);
        if (standing.Entitlement?.Allows(time.GetUtcNow()) != true)
        {
            return await Refuse(RefusalCode.NotEntitled, request, cap);
        }

        var allowed = standing.Profile?.AllowedTiers ?? [];
        if (!allowed.Contains(request.Tier))
        {
            return await Refuse(RefusalCode.TierNotAllowed, request, cap) is { Refusal: { } refusal } refused
                ? refused with { Refusal = refusal with { Tier = request.Tier, AllowedTiers = allowed } }
                : throw new System.Diagnostics.UnreachableException();
        }

        return await Pool.Reserve(request, cap);
    }

    /// <inheritdoc/>
    public async Task<BudgetReading> Budget()
    {
        var standing = await Standing();
        var reading = await Pool.Read(User);
        return new BudgetReading(
            standing.Entitlement?.Allows(time.GetUtcNow()) == true,
            standing.Profile,
            reading.Pool,
            reading.Actor,
            reading.Actor.Period.End);
    }

    private Task<Standing> Standing() => grains.GetGrain<ITenantGrain>(Tenant.Value).Standing(User);

    private async Task<ReserveAnswer> Refuse(RefusalCode code, ReserveRequest request, long? cap)
    {
        var (pool, actor) = await Pool.Read(User);
        return new ReserveAnswer(ReserveOutcome.Refused, new Refusal(
            code,
            CreditPool.Left(cap, actor.Settled),
            pool.PayAsYouGo ? null : pool.Remaining,
            actor.Held,
            request.RequiredMicroCredits));
    }

    // Without a profile nothing is allowed, which must not read as unlimited.
    private static long? CapOf(UsageProfile? profile) => profile switch
    {
        null => 0,
        { CreditCapPerMonth: { } credits } => checked(credits * MicroCreditsPerCredit),
        _ => null,
    };
}
