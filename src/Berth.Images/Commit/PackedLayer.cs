using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage.Content;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Images.Commit;

/// <summary>A layer that was written twice, as archive and as files, and is named nowhere yet. Disposing it drops the archive if it was not committed.</summary>
internal sealed class PackedLayer(IngestWriter archive, UnpackedLayer files, LayerStore layers, Lease lease) : IDisposable
{
    // The archive of no entry: two zero blocks.
    private static readonly Digest NoEntries = Digest.Of(new byte[1024]);

    public Digest DiffId { get; } = archive.Finish();

    /// <summary>Nothing had changed, so it says nothing.</summary>
    public bool IsEmpty => DiffId == NoEntries;

    /// <summary>Drops the files, where the layer is not wanted.</summary>
    public Task DropAsync() => layers.DropAsync(files);

    /// <summary>Names both. The archive is on the disk before any row names the layer, so the layer's files can always be made anew from it.</summary>
    public async Task CommitAsync(ChainId? parent, CancellationToken cancel)
    {
        try
        {
            BlobInfo blob = await archive.CommitAsync(DiffId, cancel);
            await layers.CommitAsync(files, parent, DiffId, new LayerBlob(blob.Digest, MediaTypes.Layer), lease, cancel);
        }
        catch
        {
            await layers.DropAsync(files);
            throw;
        }
    }

    public void Dispose() => archive.Dispose();
}
