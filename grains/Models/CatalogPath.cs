using System.Collections.Immutable;

namespace Informer.Ai.Models;

/// <summary>From the name of a model to what is called: through aliases, with the fallbacks. Pure.</summary>
internal static class CatalogPath
{
    /// <summary>The entry of an id, or else of a slug, as it is.</summary>
    public static ModelEntry? Find(CatalogState catalog, string idOrSlug) =>
        catalog.Models.FirstOrDefault(model => model.Id == idOrSlug) ?? catalog.Models.FirstOrDefault(model => model.Slug == idOrSlug);

    /// <summary>The model and provider that a call goes to, with those of its fallbacks; null when there is none.</summary>
    public static ResolvedModel? Resolve(CatalogState catalog, string idOrSlug)
    {
        if (Alone(catalog, idOrSlug) is not { } model)
        {
            return null;
        }

        var fallbacks = FallbacksOf(model.Requested).Concat(FallbacksOf(model.Target))
            .Select(id => Alone(catalog, id))
            .OfType<ResolvedModel>()
            .Where(other => other.Target.Id != model.Target.Id)
            .DistinctBy(other => other.Target.Id);
        return model with { Fallbacks = [.. fallbacks] };
    }

    private static ResolvedModel? Alone(CatalogState catalog, string idOrSlug)
    {
        var requested = Find(catalog, idOrSlug);
        var target = requested;
        // A cycle cannot be saved; the bound only guards against one that was.
        for (var hops = 0; target?.ReferencesId is { } references && hops < catalog.Models.Length; hops++)
        {
            target = Find(catalog, references);
        }

        var provider = catalog.Providers.FirstOrDefault(known => known.Id == target?.ProviderId);
        return requested is null || target is not { ReferencesId: null } || provider is null
            ? null
            : new ResolvedModel(requested, target, provider);
    }

    private static ImmutableArray<string> FallbacksOf(ModelEntry model) => model.FallbackIds.IsDefault ? [] : model.FallbackIds;
}
