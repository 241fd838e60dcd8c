namespace Informer.Ai.Models;

/// <summary>What an entry of the catalog must keep to, beside the others. Pure.</summary>
internal static class CatalogRules
{
    /// <summary>What is wrong with a model; null when it can be saved.</summary>
    public static CatalogFault? Fault(CatalogState catalog, ModelEntry model)
    {
        var others = catalog.Models.Where(known => known.Id != model.Id).ToList();
        if (others.Exists(known => known.Slug == model.Slug || known.Id == model.Slug))
        {
            return new CatalogFault("slug", $"Another model is called {model.Slug} already.", Conflict: true);
        }

        if (model.FallbackIds is { IsDefault: false } fallbacks
            && fallbacks.FirstOrDefault(id => id == model.Id || id == model.Slug || !others.Exists(Named(id))) is { } missing)
        {
            return new CatalogFault("fallbackIds", $"There is no other model {missing} to fall back on.");
        }

        return model.ReferencesId is null ? OwnFault(catalog, model) : AliasFault(others, model);
    }

    /// <summary>The model with the ids of what it refers to, so that another slug does not break it.</summary>
    public static ModelEntry ByIds(CatalogState catalog, ModelEntry model) => model with
    {
        ReferencesId = model.ReferencesId is { } references ? IdOf(catalog, references) : null,
        FallbackIds = model.FallbackIds.IsDefault ? [] : [.. model.FallbackIds.Select(id => IdOf(catalog, id)).Distinct()],
    };

    private static CatalogFault? OwnFault(CatalogState catalog, ModelEntry model)
    {
        if (!catalog.Providers.Any(provider => provider.Id == model.ProviderId))
        {
            return new CatalogFault("providerId", "There is no such provider.");
        }

        return Pricing.Fault(model.Prices) is { } fault ? new CatalogFault(fault.Path, fault.Message) : null;
    }

    private static CatalogFault? AliasFault(List<ModelEntry> others, ModelEntry model)
    {
        var next = model.ReferencesId;
        for (var hops = 0; next is not null; hops++)
        {
            if (next == model.Id || next == model.Slug || hops > others.Count)
            {
                return new CatalogFault("referencesId", "The alias comes back to itself.");
            }

            if (others.Find(Named(next)) is not { } found)
            {
                // A chain that was broken before is not this alias's fault, but its first step is.
                return hops == 0 ? new CatalogFault("referencesId", "There is no such model.") : null;
            }

            next = found.ReferencesId;
        }

        return null;
    }

    private static Predicate<ModelEntry> Named(string idOrSlug) => model => model.Id == idOrSlug || model.Slug == idOrSlug;

    private static string IdOf(CatalogState catalog, string idOrSlug) => CatalogPath.Find(catalog, idOrSlug)?.Id ?? idOrSlug;
}
