using System.Collections.Immutable;
using Informer.Ai.Credits;
using Informer.Ai.Tenancy;
using Informer.Ai.Usage;

namespace Informer.Ai.Models;

/// <summary>
/// The models that may still answer when one has failed before it served anything. All of them are paid by the
/// same side as the first: a tenant's own key never gives way to the operator's, which the pool pays.
/// </summary>
internal sealed class Fallbacks(IGrainFactory grains, TenantId tenant, UserId user, HoldId hold, ResolvedModel first)
{
    private readonly Queue<ResolvedModel> _left =
        new(first.Fallbacks.Where(model => model.Provider.Managed == first.Provider.Managed));

    private ImmutableArray<string>? _tiers;

    /// <summary>There is none left.</summary>
    public bool None => _left.Count == 0;

    /// <summary>The next model whose tier is allowed, with the hold extended to what it costs; null when there is none.</summary>
    /// <param name="costOf">What a call of the model may cost; null when it cannot serve it.</param>
    public async Task<ResolvedModel?> Next(Func<ResolvedModel, long?> costOf)
    {
        while (_left.TryDequeue(out var model))
        {
            if (costOf(model) is not { } cost || !(await Tiers()).Contains(model.Target.Tier))
            {
                continue;
            }

            var answer = await grains.GetGrain<ICreditPoolGrain>(tenant.Value).Extend(hold, cost);
            if (answer.Outcome == ExtendOutcome.Held)
            {
                return model;
            }
        }

        return null;
    }

    private async Task<ImmutableArray<string>> Tiers() =>
        _tiers ??= (await grains.GetGrain<IUsageProfileGrain>(UserKey.Of(tenant, user)).Budget()).Profile?.AllowedTiers ?? [];
}
