using System.Collections.Immutable;

namespace Informer.Ai.Models;

/// <summary>Asks providers what they offer. Keyed by tenant id; any number of activations, so that none waits for another's provider.</summary>
[GrainInterfaceType("provider-probe")]
public interface IProviderProbeGrain : IGrainWithStringKey
{
    /// <summary>Asks a provider for its models, which costs nothing and needs a valid key; null when there is no such provider.</summary>
    [Alias("ask")]
    Task<ProbeAnswer?> Ask(string providerId);
}

/// <summary>What a provider answered.</summary>
/// <param name="Code">Why it could not be asked, as in an error body; null when it could.</param>
/// <param name="Message">The same in words that are safe to show.</param>
/// <param name="Models">The names that it offers.</param>
[GenerateSerializer, Immutable, Alias("probe-answer")]
public sealed record ProbeAnswer(
    [property: Id(0)] TimeSpan Latency,
    [property: Id(1)] string? Code,
    [property: Id(2)] string? Message,
    [property: Id(3)] ImmutableArray<string> Models);
