using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Database;

namespace Berth.Images.Provenance;

/// <summary>Lists what is stated of the images here, by what came along with them. Who stated it is not verified.</summary>
public sealed class ImageAttestations(BerthDatabase database, IContentProvider content, ImageStore images)
{
    /// <param name="name">A name or id.</param>
    /// <param name="platform">Null: any.</param>
    /// <param name="types">Only predicates of these types; empty: all.</param>
    /// <param name="withStatements">With the statements themselves.</param>
    /// <exception cref="EngineException">NotFound: no such image, or not for this platform. Internal: a statement is not here, or damaged.</exception>
    public IReadOnlyList<Attestation> List(string name, Platform? platform, IReadOnlyList<string> types, bool withStatements)
    {
        ImageRecord image = images.Resolve(name, platform);
        List<Digest> kept = database.Read(s => s.Query(
            "SELECT digest FROM image_blobs WHERE image = @id ORDER BY digest", r => Digest.Parse(r.GetString(0)), ("@id", image.Id.ToString())));
        var manifests = kept.Select(d => (Digest: d, Manifest: Read(d, ImageJson.Default.Manifest))).Where(static m => m.Manifest?.Layers is not null).ToList();
        List<string> own = [.. manifests.Where(m => m.Manifest!.Config?.Digest == image.Id.ToString()).Select(static m => m.Digest.ToString())];
        var indexes = kept.Select(d => (Digest: d, Index: Read(d, ImageJson.Default.ImageIndex))).Where(i => i.Index?.Manifests?.Any(m => own.Contains(m.Digest)) == true).ToList();
        HashSet<string> stated = [.. indexes.SelectMany(i => own.SelectMany(m => AttestationDocuments.InIndex(i.Index!, m))).Select(static d => d.Digest)];
        HashSet<string> subjects = [.. own, .. indexes.Select(static i => i.Digest.ToString())];

        return [.. manifests.Where(m => stated.Contains(m.Digest.ToString()) || (m.Manifest!.Subject is { } subject && subjects.Contains(subject.Digest)))
            .SelectMany(static m => AttestationDocuments.Statements(m.Manifest!))
            .Where(s => types.Count == 0 || types.Contains(s.PredicateType))
            .Select(s => new Attestation(s.Layer, s.PredicateType, withStatements ? Statement(s.Layer) : null))];
    }

    private byte[] Statement(Descriptor layer)
    {
        if (!Digest.TryParse(layer.Digest, out Digest digest) || content.Find(digest) is not { } blob)
        {
            throw EngineException.Internal($"the attestation statement {layer.Digest} is not here: pull the image again");
        }

        byte[] bytes = new byte[blob.Size];
        using Stream stream = content.Open(digest);
        stream.ReadExactly(bytes);
        try
        {
            return AttestationDocuments.Unwrap(bytes, layer.MediaType);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw EngineException.Internal($"the attestation statement {layer.Digest} cannot be read: {(e is JsonException json ? JsonFault.Describe(json) : e.Message)}", e);
        }
    }

    // Null: a document of another kind. Statements may be larger than a manifest can be.
    private T? Read<T>(Digest digest, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (content.Find(digest) is not { Size: <= RegistryClient.LargestManifest })
            {
                return null;
            }

            using Stream stream = content.Open(digest);
            return JsonSerializer.Deserialize(stream, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
