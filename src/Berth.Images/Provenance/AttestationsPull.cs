using Berth.Images.Archives;
using Berth.Images.Pull;
using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Leases;

namespace Berth.Images.Provenance;

/// <summary>Brings what is stated of an image along with it, so that it can be read without the registry. What cannot be had is told; the image comes all the same.</summary>
internal sealed class AttestationsPull(RegistryClient client, string repository, IContentStore content, Lease lease, IProgress<PullStep> progress)
{
    private const int MostManifests = 16;
    private const int MostStatements = 64;
    private const long LargestStatement = 32 << 20;
    private const long LargestSum = 128 << 20;

    private long _sum;

    /// <param name="image">Whose.</param>
    /// <param name="isNew">Also ask what refers to it; an image that is there already is not asked about at every pull.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <returns>The blobs that belong to the image.</returns>
    public async Task<IReadOnlyList<Digest>> RunAsync(ResolvedImage image, bool isNew, CancellationToken cancel)
    {
        var kept = new List<Digest>();
        string manifest = image.Manifest.Descriptor.Digest;
        try
        {
            List<Descriptor> found = [.. image.Documents.SkipLast(1).SelectMany(d => AttestationDocuments.InIndex(ImageResolution.Read(d.Bytes, ImageJson.Default.ImageIndex, "the index"), manifest))];
            foreach (string subject in isNew ? new[] { image.Top.Descriptor.Digest, manifest }.Distinct() : [])
            {
                found.AddRange((await new RegistryLists(client).ReferrersAsync(repository, Digest.Parse(subject), cancel)).Where(AttestationDocuments.IsAttestation));
            }

            foreach (Descriptor descriptor in found.DistinctBy(static d => d.Digest).Take(MostManifests))
            {
                await BringAsync(descriptor, kept, cancel);
            }
        }
        catch (Exception e) when (e is RegistryException or EngineException && !cancel.IsCancellationRequested)
        {
            progress.Report(new PullStep(null, $"WARNING: attestations of {manifest} are left out: {e.Message}"));
        }

        return [.. kept.Distinct()];
    }

    private async Task BringAsync(Descriptor descriptor, List<Digest> kept, CancellationToken cancel)
    {
        Digest digest = ImageResolution.ParseDigest(descriptor.Digest);
        byte[] bytes = await ReadAsync(digest, cancel);
        Manifest manifest = ImageResolution.Read(bytes, ImageJson.Default.Manifest, $"the attestation {digest}");
        foreach ((Descriptor layer, _) in AttestationDocuments.Statements(manifest).Take(MostStatements))
        {
            Digest statement = ImageResolution.ParseDigest(layer.Digest);
            if (layer.Size is < 0 or > LargestStatement)
            {
                throw EngineException.Invalid($"the statement {statement} has {layer.Size} bytes: more than {LargestStatement >> 20} MiB are not accepted");
            }

            _sum += layer.Size;
            if (_sum > LargestSum)
            {
                throw EngineException.Invalid($"the statements have more than {LargestSum >> 20} MiB");
            }

            await new BlobFetch(client, repository, statement, null).BringAsync(content, layer.Size, lease, cancel);
            kept.Add(statement);
        }

        using var file = new ArchiveFile(bytes, content, lease);
        await file.CommitAsync(cancel);
        kept.Add(digest);
    }

    private async Task<byte[]> ReadAsync(Digest digest, CancellationToken cancel)
    {
        if (content.Find(digest) is not { Size: <= RegistryClient.LargestManifest } known)
        {
            return (await client.GetManifestAsync(repository, null, digest, cancel)).Bytes;
        }

        byte[] bytes = new byte[known.Size];
        await using Stream stream = content.Open(digest);
        await stream.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }
}
