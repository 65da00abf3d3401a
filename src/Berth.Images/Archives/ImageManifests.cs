using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using Berth.Images.Provenance;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Layers;
using Berth.Storage.Snapshots;

namespace Berth.Images.Archives;

/// <summary>
/// The manifest an image is saved with: the one that it came with, so that its digest stays, where the layers are still stored in the form that
/// one describes; else one that describes them as they are stored.
/// </summary>
internal sealed class ImageManifests(IContentProvider content, LayerStore layers)
{
    private const int LongestDocument = 8 << 20;

    /// <param name="config">Of the image.</param>
    /// <param name="diffIds">Its layers.</param>
    /// <param name="kept">The blobs that are kept with the image: its config, and manifests and indexes that it came by.</param>
    public (IReadOnlyList<(Descriptor Descriptor, byte[]? Bytes)> Documents, IReadOnlyList<Descriptor> Layers) Of(
        Descriptor config, IReadOnlyList<Digest> diffIds, IReadOnlyList<Digest> kept)
    {
        foreach ((Digest digest, Manifest manifest) in Describing(config.Digest, diffIds.Count, kept))
        {
            if (manifest.Layers!.All(IsStored))
            {
                List<Descriptor> line = Above(Describe(digest, Type(digest)), kept);
                return ([.. Attestations(line, kept).Concat(line).Select(d => (d, (byte[]?)null))], manifest.Layers!);
            }
        }

        IReadOnlyList<Descriptor> stored = Stored(diffIds);
        byte[] made = JsonSerializer.SerializeToUtf8Bytes(
            new Manifest { SchemaVersion = 2, MediaType = MediaTypes.Manifest, Config = config, Layers = stored }, ImageJson.Default.Manifest);
        return ([(new Descriptor { MediaType = MediaTypes.Manifest, Digest = Digest.Of(made).ToString(), Size = made.Length }, made)], stored);
    }

    /// <summary>The manifests of an image among the blobs that are kept with it, with their bytes.</summary>
    public IReadOnlyList<(Digest Digest, Manifest Manifest, byte[] Bytes)> Describing(Digest config, int layerCount, IReadOnlyList<Digest> kept) =>
        [.. Describing(config.ToString(), layerCount, kept).Select(d => (d.Digest, d.Manifest, Bytes(d.Digest)))];

    private IEnumerable<(Digest Digest, Manifest Manifest)> Describing(string config, int layerCount, IReadOnlyList<Digest> kept)
    {
        foreach (Digest digest in kept.Where(d => d.ToString() != config))
        {
            if (Read(digest, ImageJson.Default.Manifest) is { Config: { } own, Layers: { } described } manifest && own.Digest == config && described.Count == layerCount)
            {
                yield return (digest, manifest);
            }
        }
    }

    private byte[] Bytes(Digest digest)
    {
        using Stream stream = content.Open(digest);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private List<Descriptor> Stored(IReadOnlyList<Digest> diffIds)
    {
        var stored = new List<Descriptor>();
        ChainId? chain = null;
        foreach (Digest diffId in diffIds)
        {
            chain = ChainId.Of(chain, diffId);
            LayerBlob blob = layers.SourceOf(chain.Value).Blob;
            stored.Add(Describe(blob.Digest, blob.MediaType));
        }

        return stored;
    }

    // The manifest first, then the index that names it, then one that names that.
    private List<Descriptor> Above(Descriptor manifest, IReadOnlyList<Digest> kept)
    {
        List<Descriptor> line = [manifest];
        for (int i = 0; i < line.Count; i++)
        {
            Digest? index = kept.Cast<Digest?>().FirstOrDefault(d => line.All(l => l.Digest != d.ToString())
                && Read(d!.Value, ImageJson.Default.ImageIndex)?.Manifests?.Any(m => m.Digest == line[i].Digest) == true);
            if (index is { } found)
            {
                line.Add(Describe(found, Type(found)));
            }
        }

        return line;
    }

    // What came along is saved along: without them the index would name what is not there.
    private IEnumerable<Descriptor> Attestations(List<Descriptor> line, IReadOnlyList<Digest> kept)
    {
        foreach (Descriptor named in line.Skip(1).SelectMany(i => AttestationDocuments.InIndex(Read(Digest.Parse(i.Digest), ImageJson.Default.ImageIndex)!, line[0].Digest)))
        {
            if (Digest.TryParse(named.Digest, out Digest digest) && kept.Contains(digest) && Read(digest, ImageJson.Default.Manifest) is { } manifest)
            {
                yield return Describe(digest, MediaTypes.Manifest);
                foreach ((Descriptor statement, _) in AttestationDocuments.Statements(manifest).Where(s => IsStored(s.Layer)))
                {
                    yield return statement;
                }
            }
        }
    }

    private bool IsStored(Descriptor descriptor) => Digest.TryParse(descriptor.Digest, out Digest digest) && content.Find(digest)?.Size == descriptor.Size;

    private Descriptor Describe(Digest digest, string mediaType) =>
        new()
        {
            MediaType = mediaType, Digest = digest.ToString(),
            Size = content.Find(digest)?.Size ?? throw EngineException.Internal($"the content {digest} is gone: load or pull the image again"),
        };

    // Docker's documents always say their type; OCI's may leave it out.
    private string Type(Digest digest) => Read(digest, ImageJson.Default.ImageIndex) switch
    {
        { MediaType: { Length: > 0 } type } => type,
        { Manifests: not null } => MediaTypes.Index,
        _ => MediaTypes.Manifest,
    };

    private T? Read<T>(Digest digest, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (content.Find(digest) is not { Size: <= LongestDocument })
            {
                return null;
            }

            using Stream stream = content.Open(digest);
            return JsonSerializer.Deserialize(stream, type);
        }
        catch (JsonException)
        {
            return null; // a document of another kind
        }
    }
}
