using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Models;

/// <summary>A tenant's models and providers. Nothing interleaves: a change is stored before the next call is answered.</summary>
[GrainType("model-catalog")]
public sealed partial class ModelCatalogGrain(
    [PersistentState("catalog")] IPersistentState<CatalogState> state, IOptions<ManagedModelsOptions> managed, TimeProvider time)
    : Grain, IModelCatalogGrain, IProviderCatalogGrain
{
    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        state.State.Providers.IsDefaultOrEmpty ? Write(CatalogSeed.Make(managed.Value, time.GetUtcNow())) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<ImmutableArray<ModelEntry>> List() =>
        Task.FromResult<ImmutableArray<ModelEntry>>([.. state.State.Models.OrderBy(model => model.Name, StringComparer.OrdinalIgnoreCase)]);

    /// <inheritdoc/>
    public Task<ModelEntry?> Find(string idOrSlug) => Task.FromResult(CatalogPath.Find(state.State, idOrSlug));

    /// <inheritdoc/>
    public Task<ResolvedModel?> Resolve(string idOrSlug) =>
        Task.FromResult(CatalogPath.Resolve(state.State with { Providers = [.. state.State.Providers.Select(Mine)] }, idOrSlug));

    /// <inheritdoc/>
    public Task<bool> HasOwnProvider() => Task.FromResult(state.State.Providers.Any(provider => !provider.Managed));

    /// <inheritdoc/>
    public async Task<CatalogFault?> PutModel(ModelEntry model)
    {
        if (CatalogRules.Fault(state.State, model) is { } fault)
        {
            return fault;
        }

        var kept = CatalogRules.ByIds(state.State, model);
        await Write(state.State with { Models = [.. state.State.Models.Where(known => known.Id != kept.Id), kept] });
        return null;
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveModel(string idOrSlug)
    {
        if (CatalogPath.Find(state.State, idOrSlug) is not { } model)
        {
            return false;
        }

        await Write(state.State with { Models = state.State.Models.Remove(model) });
        return true;
    }

    /// <inheritdoc/>
    public Task PutProvider(ProviderEntry provider) =>
        Write(state.State with { Providers = [.. state.State.Providers.Where(known => known.Id != provider.Id), provider] });

    private Task Write(CatalogState next) => state.Replace(next, DeactivateOnIdle);
}

/// <summary>What a catalog's grain keeps.</summary>
[GenerateSerializer, Immutable, Alias("catalog-state")]
public sealed record CatalogState
{
    /// <summary>Empty until first read, when the seeded ones are made.</summary>
    [Id(0)]
    public ImmutableArray<ProviderEntry> Providers { get; init; } = [];

    [Id(1)]
    public ImmutableArray<ModelEntry> Models { get; init; } = [];
}
