using Berth.Images.Provenance;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Images.Archives;

/// <summary>What the OCI layout inside a Docker archive adds to manifest.json: the manifests that the layers came by, which registries know the image by.</summary>
internal static class ArchiveLayout
{
    private const int DeepestIndex = 8;

    /// <summary>The image with its manifest, and the indexes above it, where its layers are in the form that the manifest describes and a registry has.</summary>
    public static ArchivedImage WithDocuments(ReceivedArchive archive, ArchivedImage image)
    {
        if (Index(archive) is not { } index)
        {
            return image;
        }

        foreach (Descriptor descriptor in index.Manifests ?? [])
        {
            if (Find(archive, descriptor, image.Config.Digest, 0) is { } documents && Digest.TryParse(descriptor.Digest, out Digest top))
            {
                return image with { Documents = [.. documents, .. ArchivedAttestations.Of(archive, documents)], ManifestOf = top };
            }
        }

        return image;
    }

    /// <summary>The images whose layers "save --since" left out; null: none.</summary>
    public static string? Since(ReceivedArchive archive) => Index(archive)?.Annotations?.GetValueOrDefault(SavedArchive.SinceAnnotation);

    // manifest.json says all that is needed, so a layout that cannot be read is no reason to refuse the archive.
    private static ImageIndex? Index(ReceivedArchive archive) => archive.Find(OciLayout.Index) is { } file ? TryRead(file, ImageJson.Default.ImageIndex) : null;

    private static List<ArchiveFile>? Find(ReceivedArchive archive, Descriptor descriptor, Digest config, int depth)
    {
        if (depth > DeepestIndex || !Digest.TryParse(descriptor.Digest, out Digest digest) || archive.FindBlob(digest) is not { } file)
        {
            return null;
        }

        if (MediaTypes.IsIndex(descriptor.MediaType))
        {
            List<ArchiveFile>? below = TryRead(file, ImageJson.Default.ImageIndex)?.Manifests?.Select(m => Find(archive, m, config, depth + 1)).FirstOrDefault(static f => f is not null);
            return below is null ? null : [file, .. below];
        }

        // A manifest of plain layers was made by a "save": no registry has it.
        return TryRead(file, ImageJson.Default.Manifest) is { Layers: { Count: > 0 } layers } manifest && manifest.Config?.Digest == config.ToString() && layers.All(IsPacked)
            ? [file] : null;
    }

    private static bool IsPacked(Descriptor layer) => layer.MediaType is MediaTypes.LayerGzip or MediaTypes.LayerZstd or MediaTypes.DockerLayerGzip;

    private static T? TryRead<T>(ArchiveFile file, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return ReceivedArchive.ReadJson(file, type, OciLayout.Index);
        }
        catch (EngineException)
        {
            return null;
        }
    }
}
