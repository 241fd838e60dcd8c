using System.Collections.Immutable;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Models;

/// <content>The providers of the catalog.</content>
public sealed partial class ModelCatalogGrain
{
    /// <inheritdoc/>
    public Task<ImmutableArray<ProviderEntry>> Providers() => Task.FromResult<ImmutableArray<ProviderEntry>>(
        [.. state.State.Providers.OrderByDescending(provider => provider.Managed).ThenBy(provider => provider.CreatedAt).Select(Mine)]);

    /// <inheritdoc/>
    public Task<ProviderEntry?> FindProvider(string id) => Task.FromResult(Provider(id));

    /// <inheritdoc/>
    public async Task<ProviderAnswer> ChangeProvider(ProviderChange change)
    {
        if (Provider(change.Id) is not { } current)
        {
            return new ProviderAnswer(ProviderOutcome.NotFound, null, []);
        }

        if (current.Managed)
        {
            return new ProviderAnswer(ProviderOutcome.Managed, current, []);
        }

        var changed = ProviderDecisions.Apply(current, change, time.GetUtcNow());
        await PutProvider(changed);
        return new ProviderAnswer(ProviderOutcome.Done, changed, []);
    }

    /// <inheritdoc/>
    public async Task<ProviderAnswer> DeleteProvider(string id)
    {
        if (Provider(id) is not { } current)
        {
            return new ProviderAnswer(ProviderOutcome.NotFound, null, []);
        }

        if (current.Managed)
        {
            return new ProviderAnswer(ProviderOutcome.Managed, current, []);
        }

        ImmutableArray<ModelEntry> users = [.. state.State.Models.Where(model => model.ReferencesId is null && model.ProviderId == id)];
        if (users.Length > 0)
        {
            return new ProviderAnswer(ProviderOutcome.InUse, current, users);
        }

        await Write(state.State with { Providers = [.. state.State.Providers.Where(known => known.Id != id)] });
        return new ProviderAnswer(ProviderOutcome.Done, current, []);
    }

    private ProviderEntry? Provider(string? id) => state.State.Providers.FirstOrDefault(known => known.Id == id) is { } found ? Mine(found) : null;

    // From this grain's key and not from what is stored: a credential must not open in a catalog that it was copied to.
    private ProviderEntry Mine(ProviderEntry provider) => provider with { Tenant = new TenantId(this.GetPrimaryKeyString()) };
}
