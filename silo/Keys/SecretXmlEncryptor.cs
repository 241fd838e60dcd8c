using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Informer.Ai.Keys;

/// <summary>The operator's secret as a key of AES-256-GCM.</summary>
internal sealed class KeyRingSecret(string secret)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "Informer.Ai.KeyRing"u8.ToArray());

    public byte[] Close(byte[] plain)
    {
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        var (nonce, tag, cipher) = Parts(box);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce.Span, plain, cipher.Span, tag.Span);
        return box;
    }

    /// <exception cref="CryptographicException">It was sealed with another secret.</exception>
    public byte[] Open(byte[] box)
    {
        if (box.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("The key is cut off.");
        }

        var (nonce, tag, cipher) = Parts(box);
        var plain = new byte[cipher.Length];
        using var aes = new AesGcm(_key, TagBytes);
        aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain);
        return plain;
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Cipher) Parts(Memory<byte> box) =>
        (box[..NonceBytes], box[NonceBytes..(NonceBytes + TagBytes)], box[(NonceBytes + TagBytes)..]);
}

/// <summary>Seals keys with the operator's secret.</summary>
internal sealed class SecretXmlEncryptor(KeyRingSecret secret) : IXmlEncryptor
{
    /// <inheritdoc/>
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var element = new XElement("sealedKey", Convert.ToBase64String(secret.Close(plain)));
        return new EncryptedXmlInfo(element, typeof(SecretXmlDecryptor));
    }
}

/// <summary>Opens them; Data Protection makes it by the name that a key's file has.</summary>
internal sealed class SecretXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    /// <inheritdoc/>
    public XElement Decrypt(XElement encryptedElement)
    {
        var secret = services.GetService<KeyRingSecret>()
            ?? throw new CryptographicException("The key ring is sealed with a secret: set Informer:KeyRing:Secret.");
        return XElement.Parse(Encoding.UTF8.GetString(secret.Open(Convert.FromBase64String(encryptedElement.Value))));
    }
}
