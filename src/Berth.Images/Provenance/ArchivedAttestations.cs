using Berth.Images.Archives;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Images.Provenance;

/// <summary>The attestations that an archive holds beside an image.</summary>
internal static class ArchivedAttestations
{
    private const int Most = 64;

    /// <param name="archive">Where they are, if they are anywhere.</param>
    /// <param name="documents">The indexes that lead to the image's manifest, and that, last.</param>
    /// <returns>Their manifests and statements. A document that cannot be read has none: the image does not depend on it.</returns>
    public static IReadOnlyList<ArchiveFile> Of(ReceivedArchive archive, IReadOnlyList<ArchiveFile> documents)
    {
        var found = new List<ArchiveFile>();
        foreach (ArchiveFile document in documents.SkipLast(1))
        {
            foreach (Descriptor descriptor in AttestationDocuments.InIndex(ReceivedArchive.ReadJson(document, ImageJson.Default.ImageIndex, "the index"), documents[^1].Digest.ToString()).Take(Most))
            {
                if (Find(archive, descriptor) is { } file && TryRead(file) is { } manifest)
                {
                    found.AddRange(AttestationDocuments.Statements(manifest).Take(Most).Select(s => Find(archive, s.Layer)).OfType<ArchiveFile>());
                    found.Add(file);
                }
            }
        }

        return [.. found.DistinctBy(static f => f.Digest)];
    }

    private static ArchiveFile? Find(ReceivedArchive archive, Descriptor descriptor) => Digest.TryParse(descriptor.Digest, out Digest digest) ? archive.FindBlob(digest) : null;

    private static Manifest? TryRead(ArchiveFile file)
    {
        try
        {
            return ReceivedArchive.ReadJson(file, ImageJson.Default.Manifest, "the attestation");
        }
        catch (EngineException)
        {
            return null;
        }
    }
}
