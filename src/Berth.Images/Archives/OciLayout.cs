using Berth.Images.Provenance;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Archives;

/// <summary>OCI image layouts (image specification, image-layout.md): index.json leads to manifests, of each the one for this machine is taken.</summary>
internal static class OciLayout
{
    public const string Index = "index.json";

    private const string ImageName = "io.containerd.image.name";
    private const string RefName = "org.opencontainers.image.ref.name";
    private const string ReferenceType = "vnd.docker.reference.type";
    private const int DeepestIndex = 8;
    private const int MostManifests = 10_000;

    /// <exception cref="EngineException">Invalid: damaged, or it has no image for this machine.</exception>
    public static IReadOnlyList<ArchivedImage> Read(ReceivedArchive archive, ArchiveFile indexFile, Platform platform)
    {
        ImageIndex index = ReceivedArchive.ReadJson(indexFile, ImageJson.Default.ImageIndex, Index);
        var images = new Dictionary<Digest, ArchivedImage>();
        foreach (Descriptor descriptor in index.Manifests ?? [])
        {
            if (Choose(archive, descriptor, platform, [], 0) is not { } found)
            {
                continue;
            }

            // One manifest may stand there several times, once a name.
            // What index.json names is what a registry knows it by: the index, where there is one.
            ArchivedImage image = ReadImage(archive, found.Manifest, found.Documents) with { ManifestOf = Parse(descriptor) };
            IReadOnlyList<ImageReference> names = images.TryGetValue(image.Config.Digest, out ArchivedImage? before) ? before.Names : [];
            images[image.Config.Digest] = image with { Names = [.. names.Union(Names(descriptor))] };
        }

        return images.Count > 0 ? [.. images.Values] : throw EngineException.Invalid($"the archive has no image for {platform}");
    }

    private static (Descriptor Manifest, List<ArchiveFile> Documents)? Choose(
        ReceivedArchive archive, Descriptor descriptor, Platform platform, List<ArchiveFile> above, int depth)
    {
        if (depth > DeepestIndex)
        {
            throw EngineException.Invalid($"the archive's indexes are nested more than {DeepestIndex} deep");
        }

        ArchiveFile? file = Blob(archive, descriptor);
        if (file is null)
        {
            return null; // a platform that "save" left out; that none is left is said above
        }

        if (!MediaTypes.IsIndex(descriptor.MediaType))
        {
            return (descriptor, [.. above, file]);
        }

        IReadOnlyList<Descriptor> manifests = ReceivedArchive.ReadJson(file, ImageJson.Default.ImageIndex, $"the index {descriptor.Digest}").Manifests ?? [];
        if (manifests.Count > MostManifests)
        {
            throw EngineException.Invalid($"the index {descriptor.Digest} has more than {MostManifests} manifests");
        }

        foreach (Descriptor candidate in PlatformMatch.Order(manifests.Where(IsImage), platform))
        {
            if (Choose(archive, candidate, platform, [.. above, file], depth + 1) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    // Attestations of BuildKit are listed as manifests for a platform called unknown.
    private static bool IsImage(Descriptor descriptor) => descriptor.Annotations?.ContainsKey(ReferenceType) != true;

    private static ArchivedImage ReadImage(ReceivedArchive archive, Descriptor descriptor, List<ArchiveFile> documents)
    {
        string shown = $"the manifest {descriptor.Digest}";
        Manifest manifest = ReceivedArchive.ReadJson(documents[^1], ImageJson.Default.Manifest, shown);
        Descriptor configDescriptor = manifest.Config ?? throw EngineException.Invalid($"{shown} names no config");
        if (configDescriptor.MediaType is not ("" or MediaTypes.Config or MediaTypes.DockerConfig))
        {
            throw EngineException.Invalid($"{shown} is of no image but of {configDescriptor.MediaType}");
        }

        ArchiveFile config = Blob(archive, configDescriptor) ?? throw EngineException.Invalid($"the archive is damaged: the config {configDescriptor.Digest} is not there");
        return new ArchivedImage(config, [.. (manifest.Layers ?? []).Select(l => Blob(archive, l))], [], [.. documents, .. ArchivedAttestations.Of(archive, documents)], Parse(descriptor));
    }

    private static IEnumerable<ImageReference> Names(Descriptor descriptor)
    {
        foreach (string key in (string[])[ImageName, RefName])
        {
            // The specification lets ref.name be a mere tag; only "latest" is common as one, and as a repository it would make no sense.
            if (descriptor.Annotations?.GetValueOrDefault(key) is { } text && text != ImageReference.DefaultTag
                && ImageReference.TryParse(text, out ImageReference? name))
            {
                // The first that is a name: containerd writes the whole name beside a ref.name that is only the tag.
                return [name.Digest is null ? name.WithDefaultTag() : name with { Digest = null, Tag = name.Tag ?? ImageReference.DefaultTag }];
            }
        }

        return [];
    }

    // Null where it is not there. The digest is checked where the file is received.
    private static ArchiveFile? Blob(ReceivedArchive archive, Descriptor descriptor)
    {
        ArchiveFile? file = archive.FindBlob(Parse(descriptor));
        return file is null || file.Size == descriptor.Size
            ? file
            : throw EngineException.Invalid($"the archive is damaged: {descriptor.Digest} has {file.Size} bytes where {descriptor.Size} are announced");
    }

    private static Digest Parse(Descriptor descriptor) =>
        Digest.TryParse(descriptor.Digest, out Digest digest) ? digest : throw EngineException.Invalid($"\"{descriptor.Digest}\" in the archive is not a SHA-256 digest");
}
