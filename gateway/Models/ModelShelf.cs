using System.Collections.Immutable;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Models;

/// <summary>A tenant's models as one caller sees them, with aliases followed within the list.</summary>
internal sealed class ModelShelf(Caller caller, ImmutableArray<ModelEntry> models)
{
    // An alias of an alias is followed, but a chain that comes back to itself must end.
    private const int AliasesMax = 8;

    private readonly ILookup<string, ModelEntry> byId = models.ToLookup(model => model.Id, StringComparer.Ordinal);

    public static async Task<ModelShelf> Read(Caller caller) => new(caller, await caller.Models.List());

    /// <summary>All that the caller sees; internal ones only where asked for.</summary>
    public IEnumerable<ModelEntry> Visible(bool internalToo) =>
        models.Where(model => internalToo ? ModelVisibility.Sees(caller, model) : !model.Internal).Select(Effective);

    /// <summary>The model of an id, or else of a slug; null when the caller sees none.</summary>
    public ModelEntry? Find(string idOrSlug) =>
        (byId[idOrSlug].FirstOrDefault() ?? models.FirstOrDefault(model => model.Slug == idOrSlug)) is { } model
        && ModelVisibility.Sees(caller, model)
            ? model
            : null;

    /// <summary>The model that is called under this name: itself, or what the alias stands for.</summary>
    public ModelEntry Target(ModelEntry model)
    {
        for (var step = 0; step < AliasesMax && model.ReferencesId is { } id && byId[id].FirstOrDefault() is { } next; step++)
        {
            model = next;
        }

        return model;
    }

    public ModelResponse Show(ModelEntry model) =>
        ModelResponse.Of(Effective(model), model.ReferencesId is { } id ? byId[id].FirstOrDefault() : null);

    // An alias can do, and costs, what the model does that it stands for; only its name is its own.
    private ModelEntry Effective(ModelEntry model) => Target(model) is { ReferencesId: null } target && target != model
        ? target with
        {
            Id = model.Id,
            Name = model.Name,
            Slug = model.Slug,
            Description = model.Description,
            ReferencesId = model.ReferencesId,
            Internal = model.Internal,
            DeprecatedAt = model.DeprecatedAt ?? target.DeprecatedAt,
            FallbackIds = model.FallbackIds.IsDefaultOrEmpty ? target.FallbackIds : model.FallbackIds,
            CreatedAt = model.CreatedAt,
            UpdatedAt = model.UpdatedAt,
        }
        : model;
}
