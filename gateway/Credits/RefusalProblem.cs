using Informer.Ai.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Informer.Ai.Credits;

/// <summary>A failed credit check as 402, with the numbers that were compared.</summary>
internal static class RefusalProblem
{
    public static ProblemHttpResult Of(Refusal refusal)
    {
        var problem = Problems.Of(
            402,
            Message(refusal),
            Code(refusal.Code),
            ("profileRemaining", CreditAmount.Of(refusal.ProfileRemaining)),
            ("poolRemaining", CreditAmount.Of(refusal.PoolRemaining)),
            ("held", CreditAmount.Of(refusal.Held)),
            ("required", CreditAmount.Of(refusal.Required)));
        var more = problem.ProblemDetails.Extensions;
        if (refusal.Retryable)
        {
            more["retryable"] = true;
        }

        if (refusal.Code == RefusalCode.EntityBudget)
        {
            more["entityRemaining"] = CreditAmount.Of(refusal.EntityRemaining);
        }

        if (refusal.Code == RefusalCode.TierNotAllowed)
        {
            more["tier"] = refusal.Tier;
            more["allowedTiers"] = refusal.AllowedTiers.IsDefault ? [] : refusal.AllowedTiers.ToArray();
        }

        return problem;
    }

    /// <summary>The word for a check, in errors and in the metadata of an answer that it cut short.</summary>
    public static string Code(RefusalCode code) => code switch
    {
        RefusalCode.NotEntitled => ErrorCodes.NotEntitled,
        RefusalCode.TierNotAllowed => ErrorCodes.TierNotAllowed,
        RefusalCode.CreditLimit => ErrorCodes.CreditLimit,
        RefusalCode.EntityBudget => ErrorCodes.EntityBudget,
        RefusalCode.PoolExhausted => ErrorCodes.PoolExhausted,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "A check without a code."),
    };

    private static string Message(Refusal refusal) => (refusal.Code, refusal.Retryable) switch
    {
        (RefusalCode.NotEntitled, _) => "No valid AI entitlement",
        (RefusalCode.TierNotAllowed, _) => "Your usage profile does not include this model's tier",
        (RefusalCode.CreditLimit, false) => "Monthly credit limit reached",
        (RefusalCode.CreditLimit, true) => "Your calls in flight hold the rest of your monthly credits",
        (RefusalCode.EntityBudget, false) => "Monthly budget of the app or dataset reached",
        (RefusalCode.EntityBudget, true) => "Calls in flight hold the rest of the monthly budget of the app or dataset",
        (RefusalCode.PoolExhausted, false) => "The credit pool is exhausted",
        (RefusalCode.PoolExhausted, true) => "Calls in flight hold the rest of the credit pool",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Code, "A check without a message."),
    };
}
