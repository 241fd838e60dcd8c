using System.Collections.Immutable;
using Informer.Ai.Credits;

namespace Informer.Ai.Usage;

/// <summary>What the caller may still spend.</summary>
/// <param name="Configured">A valid entitlement is cached.</param>
/// <param name="Byok">The tenant has brought a provider of its own, whose calls skip the pool.</param>
/// <param name="SlushActive">The safety buffer is being drawn on.</param>
/// <param name="Profile">Null when none applies.</param>
public sealed record BudgetResponse(
    bool Configured,
    bool Byok,
    bool SlushActive,
    BudgetProfileResponse? Profile,
    MonthResponse Monthly,
    PoolResponse Pool)
{
    internal static BudgetResponse Of(BudgetReading budget, bool byok) => new(
        budget.Configured,
        byok,
        budget.Pool.SlushActive,
        budget.Profile is { } profile ? BudgetProfileResponse.Of(profile) : null,
        MonthResponse.Of(budget),
        PoolResponse.Of(budget.Pool));
}

/// <summary>The profile in force for the caller.</summary>
/// <param name="Features">None yet: profiles say tiers and credits only.</param>
public sealed record BudgetProfileResponse(
    string Name, string Slug, long? CreditCapPerMonth, ImmutableArray<string> AllowedModelTiers, ImmutableArray<string> Features)
{
    internal static BudgetProfileResponse Of(UsageProfile profile) =>
        new(profile.Name, profile.Slug, profile.CreditCapPerMonth, profile.AllowedTiers, []);
}

/// <summary>The caller's calendar month (UTC).</summary>
/// <param name="CreditCap">Null without a cap.</param>
/// <param name="PercentUsed">One decimal; null without a cap.</param>
public sealed record MonthResponse(
    decimal CreditsUsed, long? CreditCap, decimal? PercentUsed, DateTimeOffset ResetsAt, bool IsUnlimited)
{
    internal static MonthResponse Of(BudgetReading budget)
    {
        var cap = budget.Profile?.CreditCapPerMonth;
        return new MonthResponse(
            CreditAmount.Of(budget.Month.Settled),
            cap,
            Percent.Of(budget.Month.Settled, cap * CreditAmount.MicroPerCredit),
            budget.ResetsAt,
            budget.Profile is not null && cap is null);
    }
}

/// <summary>The tenant's pool, in credits.</summary>
public sealed record PoolResponse(decimal Included, decimal Used, decimal Remaining, decimal OverageRate)
{
    internal static PoolResponse Of(PoolReading pool) => new(
        CreditAmount.Of(pool.Included),
        CreditAmount.Of(pool.Used),
        CreditAmount.Of(pool.Remaining),
        CreditAmount.Of(pool.OverageRate));
}
