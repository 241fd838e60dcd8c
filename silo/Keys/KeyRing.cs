using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Informer.Ai.Keys;

/// <summary>
/// The Data Protection keys: in files of their owner's, beside the store that holds what they seal and never in it,
/// and sealed themselves when there is a certificate or a secret.
/// </summary>
internal static class KeyRing
{
    private const string Section = "KeyRing";

    // Never changes: it is part of what every ciphertext is bound to. The default would be the program's own path.
    private const string Application = "Informer.Ai";

    /// <summary>Adds it.</summary>
    /// <exception cref="StartupException">A setting is impossible.</exception>
    public static void Add(IServiceCollection services, IConfiguration informer, DataDirectory data)
    {
        var options = Validated(informer.GetSection(Section));
        var directory = new DataDirectory(Path.GetFullPath(options.Directory.Length > 0 ? options.Directory : Path.Combine(data.Path, "keys")));
        try
        {
            directory.Create();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Informer:KeyRing:Directory {directory.Path} cannot be used: {failure.Message}", failure);
        }

        // Before the service of Data Protection itself that opens the ring at the start.
        services.AddSingleton(options).AddHostedService<KeyRingOpening>();
        var keys = services.AddDataProtection().SetApplicationName(Application).PersistKeysToFileSystem(new DirectoryInfo(directory.Path));
        if (options.CertificatePath.Length > 0)
        {
            keys.ProtectKeysWithCertificate(Certificate(options));
        }
        else if (options.Secret is { } secret)
        {
            services
                .AddSingleton(new KeyRingSecret(secret))
                .AddOptions<KeyManagementOptions>()
                .Configure<KeyRingSecret>((management, seal) => management.XmlEncryptor = new SecretXmlEncryptor(seal));
        }
    }

    private static KeyRingOptions Validated(IConfiguration section)
    {
        var options = section.Get<KeyRingOptions>() ?? new KeyRingOptions();
        try
        {
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        }
        catch (ValidationException invalid)
        {
            throw new StartupException(invalid.Message, invalid);
        }

        return options is { Secret: not null, CertificatePath.Length: > 0 }
            ? throw new StartupException("Informer:KeyRing has a CertificatePath and a Secret: choose one.")
            : options;
    }

    private static X509Certificate2 Certificate(KeyRingOptions options)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(options.CertificatePath, options.CertificatePassword);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            // Of the failure only its kind: what it says may come from the file.
            throw new StartupException(
                $"Informer:KeyRing:CertificatePath {options.CertificatePath} cannot be read as a PKCS #12 file with its "
                + $"CertificatePassword ({failure.GetType().Name}).");
        }
    }
}
