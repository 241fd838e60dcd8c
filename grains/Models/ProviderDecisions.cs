namespace Informer.Ai.Models;

/// <summary>What may become of a provider: pure.</summary>
internal static class ProviderDecisions
{
    /// <summary>
    /// The provider after a change. Its credential stays only while the address has the origin that it was given
    /// for: a key never follows an address to another server.
    /// </summary>
    public static ProviderEntry Apply(ProviderEntry provider, ProviderChange change, DateTimeOffset now)
    {
        var next = provider with
        {
            Name = change.Name ?? provider.Name,
            BaseUrl = change.BaseUrlNamed ? change.BaseUrl : provider.BaseUrl,
            Credential = change.CredentialNamed ? change.Credential : provider.Credential,
            UpdatedAt = now,
        };
        var origin = next.Address is { } address ? ProviderType.OriginOf(address) : null;
        return next with { Credential = next.Credential?.Origin == origin ? next.Credential : null };
    }
}
