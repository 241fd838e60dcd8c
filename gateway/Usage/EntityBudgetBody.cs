using Informer.Ai.Credits;
using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Usage;

/// <summary>The body that sets an entity's budget.</summary>
/// <param name="Named">The budget is named at all; if not, nothing changes.</param>
/// <param name="MicroCredits">The budget; null takes it away.</param>
internal sealed record EntityBudgetBody(bool Named, long? MicroCredits)
{
    public static async ValueTask<EntityBudgetBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var credits = fields.Whole("monthlyBudget", 0, CreditAmount.CreditsMax, absent: null);
        fields.Verify();
        return new EntityBudgetBody(fields.Find("monthlyBudget") is not null, credits * CreditAmount.MicroPerCredit);
    }
}

/// <summary>Sets an entity's budget in whole credits, as the API description shows it: null is no cap, absent no change.</summary>
public sealed record ChangeEntityBudgetRequest(long? MonthlyBudget);
