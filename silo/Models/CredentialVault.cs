using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Informer.Ai.Models;

/// <summary>Opens the keys of tenants' own providers, each for its tenant, its provider and its origin alone.</summary>
internal sealed class CredentialVault(IDataProtectionProvider protection)
{
    /// <summary>The key of a provider.</summary>
    /// <exception cref="ProviderException">There is none, or it does not open. No other key stands in for it.</exception>
    public string Open(ProviderEntry provider)
    {
        if (provider is not { Credential: { } credential, Address: { } address })
        {
            throw new ProviderException("PROVIDER_CREDENTIAL_MISSING", "This provider has no key to call it with.");
        }

        try
        {
            var purposes = ProviderCredential.Purposes(provider.Tenant, provider.Id, ProviderType.OriginOf(address));
            return protection.CreateProtector(purposes).Unprotect(credential.Sealed);
        }
        catch (CryptographicException failure)
        {
            throw new ProviderException("PROVIDER_CREDENTIAL_MISSING", "The key of this provider cannot be read. Set it again.", failure);
        }
    }
}
