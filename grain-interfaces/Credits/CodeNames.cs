namespace Informer.Ai.Credits;

/// <summary>The machine-readable names of refusals, as callers see them.</summary>
public static class CodeNames
{
    /// <summary>The name of a failed check.</summary>
    public static string Of(RefusalCode code) => code switch
    {
        RefusalCode.NotEntitled => "NOT_ENTITLED",
        RefusalCode.TierNotAllowed => "TIER_NOT_ALLOWED",
        RefusalCode.CreditLimit => "CREDIT_LIMIT",
        RefusalCode.EntityBudget => "ENTITY_BUDGET",
        RefusalCode.PoolExhausted => "POOL_EXHAUSTED",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };
}
