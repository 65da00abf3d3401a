using System.Text.Json;

using Berth.Oci.Images;

namespace Berth.Images.Provenance;

/// <summary>How attestations are stored beside an image: by BuildKit in the image's own index, by others as manifests that refer to it.</summary>
internal static class AttestationDocuments
{
    private const string ReferenceType = "vnd.docker.reference.type";
    private const string ReferenceDigest = "vnd.docker.reference.digest";
    private const string AttestationManifest = "attestation-manifest";
    private const string InToto = "application/vnd.in-toto";
    private const string Envelope = "application/vnd.dsse.envelope.v1+json";
    private const string Bundle = "application/vnd.dev.sigstore.bundle";

    // In the order asked: BuildKit's and in-toto's own, cosign's; of a sigstore bundle the manifest has it.
    private static readonly string[] LayerAnnotations = ["in-toto.io/predicate-type", "predicateType"];
    private static readonly string[] ManifestAnnotations = ["dev.sigstore.bundle.predicateType", "in-toto.io/predicate-type"];

    /// <summary>The attestations of one manifest in the index that names both.</summary>
    public static IEnumerable<Descriptor> InIndex(ImageIndex index, string manifest) => (index.Manifests ?? []).Where(
        m => m.Annotations?.GetValueOrDefault(ReferenceType) == AttestationManifest && m.Annotations.GetValueOrDefault(ReferenceDigest) == manifest);

    /// <summary>Whether what refers to an image is an attestation, as far as its descriptor tells.</summary>
    public static bool IsAttestation(Descriptor referrer) => referrer.ArtifactType is { } type
        && (type.StartsWith(InToto, StringComparison.Ordinal) || type.StartsWith(Bundle, StringComparison.Ordinal) || type is Envelope or "application/vnd.docker.attestation.manifest.v1+json");

    /// <summary>The statements in an attestation's manifest. What does not say its predicate's type is none.</summary>
    public static IEnumerable<(Descriptor Layer, string PredicateType)> Statements(Manifest manifest)
    {
        string? whole = First(manifest.Annotations, ManifestAnnotations);
        foreach (Descriptor layer in manifest.Layers ?? [])
        {
            if (First(layer.Annotations, LayerAnnotations) is { } type)
            {
                yield return (layer, type);
            }
            else if (whole is not null && layer.MediaType.StartsWith(Bundle, StringComparison.Ordinal))
            {
                yield return (layer, whole);
            }
        }
    }

    /// <summary>The statement's own JSON: out of a DSSE envelope (github.com/secure-systems-lab/dsse, envelope.md) and a sigstore bundle. The envelope's signatures are not looked at.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="FormatException">There is no statement in it.</exception>
    public static byte[] Unwrap(byte[] blob, string mediaType)
    {
        using JsonDocument document = JsonDocument.Parse(blob);
        JsonElement root = document.RootElement;
        if (mediaType.StartsWith(Bundle, StringComparison.Ordinal))
        {
            root = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("dsseEnvelope", out JsonElement inner) ? inner : throw new FormatException("the bundle has no dsseEnvelope");
        }
        else if (mediaType != Envelope)
        {
            return blob;
        }

        byte[] statement = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("payload", out JsonElement payload) && payload.ValueKind == JsonValueKind.String && payload.TryGetBytesFromBase64(out byte[]? bytes)
            ? bytes
            : throw new FormatException("the envelope has no payload");
        using JsonDocument check = JsonDocument.Parse(statement);
        return statement;
    }

    private static string? First(IReadOnlyDictionary<string, string>? annotations, string[] keys) =>
        keys.Select(k => annotations?.GetValueOrDefault(k)).FirstOrDefault(static v => !string.IsNullOrEmpty(v));
}
