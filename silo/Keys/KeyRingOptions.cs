using System.ComponentModel.DataAnnotations;

namespace Informer.Ai.Keys;

/// <summary>Where the keys are that seal the tenants' credentials, and what seals them; section <c>Informer:KeyRing</c>.</summary>
public sealed class KeyRingOptions
{
    /// <summary>The directory of the keys; all processes of a cluster need the same one. Empty is the data directory's own.</summary>
    public string Directory { get; set; } = "";

    /// <summary>A PKCS #12 file whose certificate seals the keys.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>The password of that file.</summary>
    public string CertificatePassword { get; set; } = "";

    /// <summary>In place of a certificate: a secret that seals the keys, the same in all processes.</summary>
    [RegularExpression(".{32,}", ErrorMessage = "Informer:KeyRing:Secret must have at least 32 characters.")]
    public string? Secret { get; set; }
}
