using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Informer.Ai.Tenancy;

/// <summary>
/// An API token: a public id to look it up by, and a secret of which only the hash is stored. Its text is
/// <c>inf_&lt;id&gt;_&lt;secret&gt;</c>; the id has no underscore, so the secret may.
/// </summary>
public sealed class ApiToken
{
    private const string Prefix = "inf_";
    private const int IdBytes = 8;
    private const int SecretBytes = 32;
    private const int TextMax = 200;

    private ApiToken(string id, string secret) => (Id, Secret) = (id, secret);

    /// <summary>The public half: 16 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>What the bearer sends. Shown once, never stored.</summary>
    public string Text => $"{Prefix}{Id}_{Secret}";

    private string Secret { get; }

    /// <summary>A new token.</summary>
    public static ApiToken Create(RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var bytes = new byte[IdBytes + SecretBytes];
        random.GetBytes(bytes);
        return new ApiToken(
            Convert.ToHexStringLower(bytes.AsSpan(0, IdBytes)), Base64Url.EncodeToString(bytes.AsSpan(IdBytes)));
    }

    /// <summary>Reads the form that <see cref="Text"/> has; false for any other.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ApiToken? token)
    {
        token = null;
        if (text is null || text.Length > TextMax || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text[Prefix.Length..];
        var split = rest.IndexOf('_', StringComparison.Ordinal);
        if (split <= 0 || split == rest.Length - 1 || !rest.All(char.IsAscii))
        {
            return false;
        }

        token = new ApiToken(rest[..split], rest[(split + 1)..]);
        return true;
    }

    /// <summary>What is stored of the secret: SHA-256 of its text. It is random, so it needs no slow hash.</summary>
    public byte[] SecretHash() => SHA256.HashData(Encoding.ASCII.GetBytes(Secret));

    /// <summary>Without the secret: this is what a log would show.</summary>
    public override string ToString() => $"{Prefix}{Id}_…";
}
