using System.Security.Cryptography;
using Informer.Ai.Keys;
using Informer.Ai.Tenancy;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Informer.Ai.Models;

/// <summary>A tenant's key opens for its tenant, its provider and its origin, and only with the key ring.</summary>
public sealed class CredentialTests : IDisposable
{
    private const string Key = "sk-canary-7f3a";

    private static readonly TenantId Acme = new("acme");

    private readonly string _directory = Directory.CreateTempSubdirectory("informer-ai-keys-").FullName;

    [Fact]
    public void A_key_opens_where_it_was_sealed_for()
    {
        var protection = new EphemeralDataProtectionProvider();
        var provider = Sealed(protection);

        Assert.Equal(Key, new CredentialVault(protection).Open(provider));
        Assert.DoesNotContain(Key, provider.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_was_moved_does_not_open()
    {
        var protection = new EphemeralDataProtectionProvider();
        var vault = new CredentialVault(protection);
        var provider = Sealed(protection);

        foreach (var moved in new[]
        {
            provider with { Tenant = new TenantId("other") },
            provider with { Id = "p2" },
            provider with { BaseUrl = "https://evil.example/v1" },
            provider with { BaseUrl = "http://models.example.org/v1" },
            provider with { BaseUrl = "https://models.example.org:444/v1" },
            provider with { Credential = provider.Credential! with { Sealed = "rubbish" } },
            provider with { Credential = null },
        })
        {
            var refused = Assert.Throws<ProviderException>(() => vault.Open(moved));

            Assert.Equal("PROVIDER_CREDENTIAL_MISSING", refused.Code);
        }
    }

    [Fact]
    public void A_change_keeps_the_key_at_its_origin_only()
    {
        var provider = Sealed(new EphemeralDataProtectionProvider());
        ProviderEntry After(ProviderChange change) => ProviderDecisions.Apply(provider, change, default);

        Assert.NotNull(After(new("p1", "New", false, null, false, null)).Credential);
        Assert.NotNull(After(new("p1", null, true, "https://MODELS.example.org:443/other", false, null)).Credential);
        Assert.Null(After(new("p1", null, true, "https://models.example.org:444/v1", false, null)).Credential);
        Assert.Null(After(new("p1", null, true, "http://models.example.org/v1", false, null)).Credential);
        Assert.Null(After(new("p1", null, true, null, false, null)).Credential);
        Assert.Null(After(new("p1", null, false, null, true, null)).Credential);
        // Sealed for an address that another change has replaced meanwhile.
        Assert.Null(After(new("p1", null, false, null, true, provider.Credential! with { Origin = "https://before.example.org" })).Credential);
    }

    [Fact]
    public void The_key_ring_is_sealed_by_the_operators_secret()
    {
        const string Secret = "correct horse battery staple, twice";
        var sealedKey = Ring(Secret).CreateProtector("test").Protect(Key);

        Assert.Equal(Key, Ring(Secret).CreateProtector("test").Unprotect(sealedKey));
        var files = Directory.GetFiles(Path.Combine(_directory, "keys")).Select(File.ReadAllText).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotContain("masterKey", file, StringComparison.Ordinal));
        Assert.ThrowsAny<CryptographicException>(() => Ring("another secret, which is not the same one").CreateProtector("test").Unprotect(sealedKey));
        Assert.ThrowsAny<CryptographicException>(() => Ring(null).CreateProtector("test").Unprotect(sealedKey));
    }

    [Theory]
    [InlineData("Secret", "short", "Informer:KeyRing:Secret must have at least 32 characters.")]
    [InlineData("CertificatePath", "/nowhere/keys.pfx", "Informer:KeyRing:CertificatePath /nowhere/keys.pfx cannot be read")]
    [InlineData("Directory", "/dev/null/keys", "Informer:KeyRing:Directory /dev/null/keys cannot be used")]
    public void An_impossible_key_ring_stops_the_start(string key, string value, string message)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"KeyRing:{key}", value)]).Build();

        var refused = Assert.Throws<StartupException>(() => KeyRing.Add(new ServiceCollection(), configuration, new DataDirectory(_directory)));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static ProviderEntry Sealed(IDataProtectionProvider protection)
    {
        var address = new Uri("https://models.example.org/v1");
        var credential = new CredentialSeal(protection).Close(Acme, "p1", address, Key);
        return new ProviderEntry("p1", "Ours", ProviderType.OpenAICompatible, false, address.ToString(), default, default, credential, Acme);
    }

    private IDataProtectionProvider Ring(string? secret)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(secret is null ? [] : [new("KeyRing:Secret", secret)]).Build();
        var services = new ServiceCollection();
        KeyRing.Add(services, configuration, new DataDirectory(_directory));
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }
}
