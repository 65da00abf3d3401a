using System.Security.Cryptography;
using System.Text;

using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Berth.Images.Signatures;

/// <summary>A public key that may have signed images: ECDSA, RSA (PKCS #1 v1.5), each over SHA-256, or Ed25519, as cosign signs with them.</summary>
internal sealed class SigningKey
{
    private const int SmallestRsa = 2048;
    private readonly byte[] _info;
    private readonly KeyKind _kind;

    private SigningKey(byte[] info, KeyKind kind, string shown) => (_info, _kind, Shown) = (info, kind, shown);

    private enum KeyKind
    {
        Ecdsa,
        Rsa,
        Ed25519,
    }

    // SubjectPublicKeyInfo of RFC 8410: all of it but the 32 bytes of the key is fixed.
    private static ReadOnlySpan<byte> Ed25519Head => [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];

    /// <summary>Where it came from, for errors.</summary>
    public string Shown { get; }

    /// <summary>Reads a PEM file.</summary>
    /// <exception cref="FormatException">It holds no public key of a known kind.</exception>
    public static SigningKey Parse(ReadOnlySpan<byte> pem, string shown)
    {
        string text = Encoding.Latin1.GetString(pem);
        if (!PemEncoding.TryFind(text, out PemFields fields))
        {
            throw new FormatException($"{shown} is no PEM file of a public key");
        }

        string label = text[fields.Label];
        if (label != "PUBLIC KEY")
        {
            throw new FormatException($"{shown} holds a {label} where a PUBLIC KEY is wanted, such as cosign.pub");
        }

        byte[] info = Convert.FromBase64String(text[fields.Base64Data]);
        if (info.Length == Ed25519Head.Length + Ed25519.PublicKeySize && info.AsSpan().StartsWith(Ed25519Head))
        {
            return new SigningKey(info, KeyKind.Ed25519, shown);
        }

        if (Imports(ECDsa.Create(), info))
        {
            return new SigningKey(info, KeyKind.Ecdsa, shown);
        }

        using RSA rsa = RSA.Create();
        return !Imports(rsa, info, dispose: false) ? throw new FormatException($"{shown} is a key of a kind that is not supported: ECDSA, RSA and Ed25519 are")
            : rsa.KeySize < SmallestRsa ? throw new FormatException($"{shown} is an RSA key of {rsa.KeySize} bits: less than {SmallestRsa} are not safe")
            : new SigningKey(info, KeyKind.Rsa, shown);
    }

    /// <summary>Whether this key's owner signed these bytes. False also where the signature is malformed.</summary>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        switch (_kind)
        {
            case KeyKind.Ed25519:
                return signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature.ToArray(), 0, _info, Ed25519Head.Length, data.ToArray(), 0, data.Length);
            case KeyKind.Rsa:
                using (RSA rsa = RSA.Create())
                {
                    rsa.ImportSubjectPublicKeyInfo(_info, out _);
                    return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }

            default:
                using (ECDsa ecdsa = ECDsa.Create())
                {
                    ecdsa.ImportSubjectPublicKeyInfo(_info, out _);
                    return ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
                }
        }
    }

    private static bool Imports(AsymmetricAlgorithm algorithm, byte[] info, bool dispose = true)
    {
        try
        {
            algorithm.ImportSubjectPublicKeyInfo(info, out int read);
            return read == info.Length;
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            if (dispose)
            {
                algorithm.Dispose();
            }
        }
    }
}
