using System.Security.Cryptography;
using Orleans.Concurrency;

namespace Informer.Ai.Tenancy;

/// <summary>Reads who a credential belongs to from the store, each time: a revoked one fails at the next request.</summary>
[StatelessWorker]
[GrainType("authentication")]
public sealed class AuthenticationGrain(IAccountStore accounts, TimeProvider time) : Grain, IAuthenticationGrain
{
    /// <inheritdoc/>
    public async Task<Principal?> ByToken(string tokenId, byte[] secretHash)
    {
        var found = await accounts.FindTokenAsync(tokenId, CancellationToken.None);
        // An unknown token costs the same comparison as a known one.
        var expected = found?.Token.SecretHash ?? new byte[SHA256.HashSizeInBytes];
        var matches = CryptographicOperations.FixedTimeEquals(expected, secretHash);
        return matches && found is { } known && !(known.Token.ExpiresAt <= time.GetUtcNow()) ? known.Owner : null;
    }
}
