namespace Informer.Ai.Tenancy;

/// <summary>Answers who a credential belongs to. Stateless: any number of activations on each silo.</summary>
[GrainInterfaceType("authentication")]
public interface IAuthenticationGrain : IGrainWithIntegerKey
{
    /// <summary>The owner of an API token, or null for one that is unknown, expired, revoked or whose user is disabled.</summary>
    /// <param name="tokenId">The public half of the token.</param>
    /// <param name="secretHash">SHA-256 of the secret half; compared in constant time.</param>
    [Alias("by-token")]
    Task<Principal?> ByToken(string tokenId, byte[] secretHash);
}
