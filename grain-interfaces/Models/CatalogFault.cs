namespace Informer.Ai.Models;

/// <summary>Why an entry of the catalog cannot be as it was sent.</summary>
/// <param name="Path">The field at fault.</param>
/// <param name="Conflict">By itself it would do, but another entry has it already.</param>
[GenerateSerializer, Immutable, Alias("catalog-fault")]
public sealed record CatalogFault(
    [property: Id(0)] string Path,
    [property: Id(1)] string Message,
    [property: Id(2)] bool Conflict = false);
