namespace Informer.Ai.Credits;

/// <summary>An app or dataset of the platform that a call is made for; it may have a monthly budget.</summary>
/// <param name="Type">"app" or "dataset".</param>
[GenerateSerializer, Immutable, Alias("entity-ref")]
public sealed record EntityRef([property: Id(0)] string Type, [property: Id(1)] string Id);
