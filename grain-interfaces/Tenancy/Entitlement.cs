namespace Informer.Ai.Tenancy;

/// <summary>What a tenant has licensed, as last confirmed by the License Manager.</summary>
/// <param name="Ai">AI is part of the licence.</param>
/// <param name="Byok">The tenant may bring its own provider keys.</param>
/// <param name="ExpiresAt">From this moment on, nothing is entitled.</param>
[GenerateSerializer, Immutable, Alias("entitlement")]
public sealed record Entitlement(
    [property: Id(0)] bool Ai,
    [property: Id(1)] bool Byok,
    [property: Id(2)] DateTimeOffset ExpiresAt)
{
    /// <summary>AI may be used at this moment.</summary>
    public bool Allows(DateTimeOffset now) => Ai && now < ExpiresAt;
}
