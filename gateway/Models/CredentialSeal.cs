using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.DataProtection;

namespace Informer.Ai.Models;

/// <summary>
/// Seals a provider's key where it comes in. A call of a grain may be written to a log with its arguments, so no
/// grain is ever told a key.
/// </summary>
internal sealed class CredentialSeal(IDataProtectionProvider protection)
{
    /// <summary>The credential for a provider at that address.</summary>
    public ProviderCredential Close(TenantId tenant, string providerId, Uri address, string apiKey)
    {
        var origin = ProviderType.OriginOf(address);
        var protector = protection.CreateProtector(ProviderCredential.Purposes(tenant, providerId, origin));
        return new ProviderCredential(ProviderCredential.ApiKey, origin, protector.Protect(apiKey));
    }
}
