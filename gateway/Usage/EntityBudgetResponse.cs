using System.Text.Json.Serialization;
using Informer.Ai.Credits;

namespace Informer.Ai.Usage;

/// <summary>The monthly budget of an app or dataset, and what it has used.</summary>
/// <param name="Id">The type and the id: <c>app:sales</c>.</param>
/// <param name="MonthlyBudget">Whole credits; null is no cap.</param>
/// <param name="BudgetPercent">One decimal; null without a budget.</param>
/// <param name="IsOverBudget">Nothing of the budget is left.</param>
/// <param name="CreatedAt">Null: a budget is a policy of the pool, which keeps no time of its own for it.</param>
/// <param name="UpdatedAt">Null, likewise.</param>
public sealed record EntityBudgetResponse(
    [property: JsonPropertyName("_links"), JsonPropertyOrder(-1)] Links Links,
    string Id,
    string EntityId,
    string EntityType,
    long? MonthlyBudget,
    decimal CreditsUsed,
    DateTimeOffset PeriodStart,
    bool HasBudget,
    decimal? BudgetRemaining,
    decimal? BudgetPercent,
    bool IsOverBudget,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt)
{
    internal static EntityBudgetResponse Of(EntityRef entity, ScopeReading reading) => new(
        Links.To($"/api/usage-budgets/{entity.Type}/{Uri.EscapeDataString(entity.Id)}"),
        $"{entity.Type}:{entity.Id}",
        entity.Id,
        entity.Type,
        reading.Limit / CreditAmount.MicroPerCredit,
        CreditAmount.Of(reading.Settled),
        reading.Period.Start,
        reading.Limit is not null,
        reading.Limit is { } limit ? CreditAmount.Of(Math.Max(0, limit - reading.Settled)) : null,
        Percent.Of(reading.Settled, reading.Limit),
        reading.Limit is { } budget && reading.Settled >= budget,
        CreatedAt: null,
        UpdatedAt: null);
}
