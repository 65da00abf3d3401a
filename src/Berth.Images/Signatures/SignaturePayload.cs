using System.Text.Json;

using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Signatures;

/// <summary>What a signature states: this name means the manifest with this digest (containers, "simple signing"; cosign's SIGNATURE_SPEC.md).</summary>
/// <param name="Manifest">Of the manifest or index.</param>
/// <param name="Name">cosign writes the bare repository, skopeo the whole name.</param>
internal sealed record SignaturePayload(Digest Manifest, ImageReference Name)
{
    private const string Type = "cosign container image signature";

    /// <summary>Reads what was signed; call it only once the signature is verified.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static SignaturePayload Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            JsonElement critical = Field(document.RootElement, "critical", JsonValueKind.Object);
            string type = Field(critical, "type", JsonValueKind.String).GetString()!;
            string digest = Field(Field(critical, "image", JsonValueKind.Object), "docker-manifest-digest", JsonValueKind.String).GetString()!;
            string name = Field(Field(critical, "identity", JsonValueKind.Object), "docker-reference", JsonValueKind.String).GetString()!;
            if (critical.EnumerateObject().Count() != 3)
            {
                throw new FormatException("its payload has critical fields that are not known"); // "critical" means: who does not know it must refuse
            }

            return type == Type ? new SignaturePayload(Digest.Parse(digest), ImageReference.Parse(name)) : throw new FormatException($"its payload is of the type \"{type}\"");
        }
        catch (JsonException e)
        {
            throw new FormatException($"its payload is no JSON: {JsonFault.Describe(e)}", e);
        }
    }

    private static JsonElement Field(JsonElement one, string name, JsonValueKind kind) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out JsonElement field) && field.ValueKind == kind ? field : throw new FormatException($"its payload has no \"{name}\"");
}
