using System.Collections.Immutable;

namespace Informer.Ai.Models;

/// <summary>A tenant's providers. Keyed by tenant id; the grain that keeps them is that of its models.</summary>
[GrainInterfaceType("provider-catalog")]
public interface IProviderCatalogGrain : IGrainWithStringKey
{
    /// <summary>All providers, the managed ones first.</summary>
    [Alias("providers")]
    Task<ImmutableArray<ProviderEntry>> Providers();

    /// <summary>The provider of that id; null when there is none.</summary>
    [Alias("find-provider")]
    Task<ProviderEntry?> FindProvider(string id);

    /// <summary>Changes one. A credential that was given for another origin than the address now has is dropped.</summary>
    [Alias("change-provider")]
    Task<ProviderAnswer> ChangeProvider(ProviderChange change);

    /// <summary>Deletes one that no model uses.</summary>
    [Alias("delete-provider")]
    Task<ProviderAnswer> DeleteProvider(string id);
}

/// <summary>How a command to a provider ended.</summary>
public enum ProviderOutcome
{
    /// <summary>It is done.</summary>
    Done = 0,

    /// <summary>There is no such provider.</summary>
    NotFound = 1,

    /// <summary>It is the operator's: a tenant cannot change it.</summary>
    Managed = 2,

    /// <summary>Models are called through it.</summary>
    InUse = 3,
}

/// <summary>The answer to a command.</summary>
/// <param name="Provider">As it is now; null when there is none.</param>
/// <param name="Models">The models that use it, where that is the reason of a refusal.</param>
[GenerateSerializer, Immutable, Alias("provider-answer")]
public sealed record ProviderAnswer(
    [property: Id(0)] ProviderOutcome Outcome,
    [property: Id(1)] ProviderEntry? Provider,
    [property: Id(2)] ImmutableArray<ModelEntry> Models);
