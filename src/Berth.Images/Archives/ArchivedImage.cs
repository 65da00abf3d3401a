using Berth.Oci.References;

namespace Berth.Images.Archives;

/// <summary>One image found in an archive, whichever kind of archive it is.</summary>
/// <param name="Config">Its config blob; the image's id is its digest.</param>
/// <param name="Layers">From the lowest up; null where the archive leaves one out because the other side has it.</param>
/// <param name="Names">Its names, tagged.</param>
/// <param name="Documents">Manifests and indexes it was found by, and attestations of it; kept with it.</param>
/// <param name="ManifestOf">The digest its repository knows it by; null for Docker archives, which have none.</param>
internal sealed record ArchivedImage(
    ArchiveFile Config, IReadOnlyList<ArchiveFile?> Layers, IReadOnlyList<ImageReference> Names, IReadOnlyList<ArchiveFile> Documents,
    Oci.Digests.Digest? ManifestOf)
{
    /// <summary>The images that have the layers it leaves out, as "save --since" named them.</summary>
    public string? Since { get; init; }
}
