using System.Collections.Immutable;

namespace Informer.Ai.Models;

/// <summary>A tenant's models and providers. Keyed by tenant id.</summary>
[GrainInterfaceType("model-catalog")]
public interface IModelCatalogGrain : IGrainWithStringKey
{
    /// <summary>All models, by name.</summary>
    [Alias("list")]
    Task<ImmutableArray<ModelEntry>> List();

    /// <summary>The entry of that id or slug, as it is: an alias is not followed. Null when there is none.</summary>
    [Alias("find")]
    Task<ModelEntry?> Find(string idOrSlug);

    /// <summary>The model and provider that a call to this id or slug goes to; null when there is none.</summary>
    [Alias("resolve")]
    Task<ResolvedModel?> Resolve(string idOrSlug);

    /// <summary>The tenant has brought a provider of its own (BYOK).</summary>
    [Alias("has-own-provider")]
    Task<bool> HasOwnProvider();

    /// <summary>
    /// Adds a model or replaces the one of its id, in force for the next call; the answer says what is wrong with
    /// it, or is null. What it refers to by a slug is kept by its id.
    /// </summary>
    [Alias("put-model")]
    Task<CatalogFault?> PutModel(ModelEntry model);

    /// <summary>Takes the model of that id or slug away; false when there is none.</summary>
    [Alias("remove-model")]
    Task<bool> RemoveModel(string idOrSlug);

    /// <summary>Adds a provider or replaces the one of its id.</summary>
    [Alias("put-provider")]
    Task PutProvider(ProviderEntry provider);
}

/// <summary>A model ready to be called.</summary>
/// <param name="Requested">The entry that was named, perhaps an alias.</param>
/// <param name="Target">The entry that is called and priced.</param>
[GenerateSerializer, Immutable, Alias("resolved-model")]
public sealed record ResolvedModel(
    [property: Id(0)] ModelEntry Requested,
    [property: Id(1)] ModelEntry Target,
    [property: Id(2)] ProviderEntry Provider)
{
    /// <summary>What is tried in this order when it fails before it has served anything; none of them has any.</summary>
    [Id(3)]
    public ImmutableArray<ResolvedModel> Fallbacks { get; init; } = [];
}
