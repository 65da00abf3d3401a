using System.Security.Cryptography;
using System.Text;

using Berth.Images.Tests.Pull;
using Berth.Oci.Images;

namespace Berth.Images.Tests.Signatures;

/// <summary>Signs as cosign does with a key.</summary>
internal sealed class Signer : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    public static byte[] Payload(string digest, string name) => Encoding.UTF8.GetBytes(
        $$$"""{"critical":{"identity":{"docker-reference":"{{{name}}}"},"image":{"docker-manifest-digest":"{{{digest}}}"},"type":"cosign container image signature"},"optional":null}""");

    public string Sign(byte[] payload) => Convert.ToBase64String(_key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>Puts a signature's payload into a repository and describes it.</summary>
    public Descriptor Layer(ScriptedRepository repository, string digest, string name)
    {
        byte[] payload = Payload(digest, name);
        return Layer(repository, payload, Sign(payload));
    }

    public static Descriptor Layer(ScriptedRepository repository, byte[] payload, string signature) =>
        repository.Blob(payload, "application/vnd.dev.cosign.simplesigning.v1+json") with { Annotations = new Dictionary<string, string> { ["dev.cosignproject.cosign/signature"] = signature } };

    /// <summary>Attaches signatures to an image by cosign's tag.</summary>
    public static void Attach(ScriptedRepository repository, Descriptor image, params Descriptor[] layers) =>
        repository.Manifest(image.Digest.Replace(':', '-') + ".sig", Manifest(repository, layers));

    public static Manifest Manifest(ScriptedRepository repository, params Descriptor[] layers) => new()
    {
        SchemaVersion = 2, MediaType = MediaTypes.Manifest, Config = repository.Blob("{}"u8.ToArray(), MediaTypes.Config), Layers = layers,
    };

    public void Dispose() => _key.Dispose();
}
