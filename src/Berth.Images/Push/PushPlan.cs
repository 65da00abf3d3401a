using System.Text.Json;

using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage.Content;
using Berth.Storage.Layers;

namespace Berth.Images.Push;

/// <summary>
/// With which manifest an image is pushed: the very one that it came with, where its layers are here as that one describes them, compressed; else one that
/// is made, in the form of the one it came with, and in Docker's where it came with none (as dockerd does for images of its own).
/// </summary>
internal sealed class PushPlan
{
    private readonly Manifest? _source;
    private readonly byte[]? _exact;

    private PushPlan(Manifest? source, byte[]? exact, IReadOnlyList<PushedLayer> layers) => (_source, _exact, Layers) = (source, exact, layers);

    /// <summary>From the lowest up.</summary>
    public IReadOnlyList<PushedLayer> Layers { get; }

    /// <param name="known">Manifests that describe the image, with their bytes.</param>
    /// <param name="preferred">Digests by which the repository knows it.</param>
    /// <param name="stack">Its layers, from the lowest up.</param>
    /// <param name="content">Which blobs are there.</param>
    public static PushPlan Of(IReadOnlyList<(Digest Digest, Manifest Manifest, byte[] Bytes)> known, IReadOnlyCollection<Digest> preferred, IReadOnlyList<LayerInfo> stack, IContentProvider content)
    {
        var ordered = known.OrderByDescending(k => preferred.Contains(k.Digest)).ToList();
        foreach ((_, Manifest manifest, byte[] bytes) in ordered)
        {
            if (manifest.Layers!.All(l => IsCompressed(l.MediaType) && IsStored(l, content)))
            {
                return new PushPlan(manifest, bytes, [.. stack.Select((layer, i) => new PushedLayer(layer, Blob(manifest.Layers![i])))]);
            }
        }

        return new PushPlan(
            ordered.Select(static k => k.Manifest).FirstOrDefault(),
            null,
            [.. stack.Select(layer => new PushedLayer(layer, IsCompressed(layer.Blob.MediaType) ? content.Find(layer.Blob.Digest) : null))]);
    }

    /// <summary>The manifest.</summary>
    /// <param name="config">The image's config.</param>
    /// <param name="blobs">The layers as they are pushed.</param>
    public (byte[] Bytes, string MediaType) Document(BlobInfo config, IReadOnlyList<BlobInfo> blobs)
    {
        if (_exact is not null)
        {
            return (_exact, TypeOf(_source));
        }

        // Docker's form has no word for zstd.
        bool isOci = TypeOf(_source) == MediaTypes.Manifest || Layers.Any(static l => IsZstd(l));
        var descriptors = blobs.Select((blob, i) => new Descriptor
        {
            MediaType = IsZstd(Layers[i]) ? MediaTypes.LayerZstd : isOci ? MediaTypes.LayerGzip : MediaTypes.DockerLayerGzip, Digest = blob.Digest.ToString(), Size = blob.Size,
        });
        var made = new Manifest
        {
            SchemaVersion = 2,
            MediaType = isOci ? MediaTypes.Manifest : MediaTypes.DockerManifest,
            Config = new Descriptor { MediaType = isOci ? MediaTypes.Config : MediaTypes.DockerConfig, Digest = config.Digest.ToString(), Size = config.Size },
            Layers = [.. descriptors],
            Annotations = isOci ? _source?.Annotations : null,
        };
        return (JsonSerializer.SerializeToUtf8Bytes(made, ImageJson.Default.Manifest), made.MediaType);
    }

    private static bool IsZstd(PushedLayer layer) => layer.Stored is not null && layer.Layer.Blob.MediaType == MediaTypes.LayerZstd;

    // OCI's documents may leave their type out, Docker's always say it.
    private static string TypeOf(Manifest? source) => source is null ? MediaTypes.DockerManifest : source.MediaType is { Length: > 0 } own ? own : MediaTypes.Manifest;

    private static bool IsCompressed(string type) => type is MediaTypes.LayerGzip or MediaTypes.LayerZstd or MediaTypes.DockerLayerGzip or MediaTypes.DockerLayerZstd;

    private static BlobInfo Blob(Descriptor layer) => new(Digest.Parse(layer.Digest), layer.Size);

    private static bool IsStored(Descriptor layer, IContentProvider content) => Digest.TryParse(layer.Digest, out Digest digest) && content.Find(digest)?.Size == layer.Size;
}
