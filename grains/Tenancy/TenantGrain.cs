using System.Collections.Immutable;
using Informer.Ai.Models;
using Informer.Ai.Usage;

namespace Informer.Ai.Tenancy;

/// <summary>One tenant's configuration. Nothing interleaves: a change is stored before the next call is answered.</summary>
[GrainType("tenant")]
public sealed class TenantGrain(
    [PersistentState("tenant")] IPersistentState<TenantState> state, IdSource ids, TimeProvider time) : Grain, ITenantGrain
{
    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        state.State.Profiles.IsDefaultOrEmpty ? Write(state.State with { Profiles = Seed() }) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task Entitle(Entitlement? entitlement) => Write(state.State with { Entitlement = entitlement });

    /// <inheritdoc/>
    public Task<Standing> Standing(UserId user) =>
        Task.FromResult(new Standing(state.State.Entitlement, state.State.Profiles.FirstOrDefault(profile => profile.IsDefault)));

    /// <inheritdoc/>
    public Task<ImmutableArray<UsageProfile>> Profiles() => Task.FromResult(state.State.Profiles);

    /// <inheritdoc/>
    public async Task<bool> ChangeProfile(UsageProfile profile)
    {
        var profiles = state.State.Profiles;
        var old = profiles.FirstOrDefault(known => known.Id == profile.Id);
        if (old is null)
        {
            return false;
        }

        var changed = profile with { CreatedAt = old.CreatedAt, UpdatedAt = time.GetUtcNow(), Seeded = old.Seeded };
        await Write(state.State with { Profiles = profiles.Replace(old, changed) });
        return true;
    }

    private Task Write(TenantState next) => state.Replace(next, DeactivateOnIdle);

    private ImmutableArray<UsageProfile> Seed()
    {
        var now = time.GetUtcNow();
        return
        [
            new(ids.Next().ToString("N"), "Standard", "standard", "Everyday and advanced models with a monthly cap.", 5000, [Tier.Everyday, Tier.Advanced], true, true, now, now),
            new(ids.Next().ToString("N"), "Premium", "premium", "All models without a cap.", null, Tier.All, false, true, now, now),
        ];
    }
}

/// <summary>What a tenant's grain keeps.</summary>
[GenerateSerializer, Immutable, Alias("tenant-state")]
public sealed record TenantState
{
    /// <summary>Null until the License Manager has confirmed one.</summary>
    [Id(0)]
    public Entitlement? Entitlement { get; init; }

    /// <summary>Empty until first read, when the seeded ones are made.</summary>
    [Id(1)]
    public ImmutableArray<UsageProfile> Profiles { get; init; } = [];
}
