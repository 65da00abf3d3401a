using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage.Content;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Images.Commit;

/// <summary>A layer that is written twice, as archive and as files, and is named nowhere yet. Disposing it drops what was not committed.</summary>
/// <param name="archive">Whole.</param>
/// <param name="unpacking">May go on.</param>
/// <param name="layers">Where it is to be.</param>
/// <param name="lease">Keeps it.</param>
internal sealed class PackedLayer(IngestWriter archive, Task<UnpackedLayer> unpacking, LayerStore layers, Lease lease) : IAsyncDisposable
{
    // The archive of no entry: two zero blocks.
    private static readonly Digest NoEntries = Digest.Of(new byte[1024]);

    private bool _named;

    public Digest DiffId { get; } = archive.Finish();

    /// <summary>Nothing had changed, so it says nothing.</summary>
    public bool IsEmpty => DiffId == NoEntries;

    /// <summary>Names both. The archive is on the disk before any row names the layer, so the layer's files can always be made anew from it.</summary>
    public async Task CommitAsync(ChainId? parent, CancellationToken cancel)
    {
        BlobInfo blob = await archive.CommitAsync(DiffId, cancel);
        await layers.CommitAsync(await unpacking, parent, DiffId, new LayerBlob(blob.Digest, MediaTypes.Layer), lease, cancel);
        _named = true;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_named)
            {
                await layers.DropAsync(await unpacking);
            }
        }
        catch (Exception) when (unpacking.IsFaulted || unpacking.IsCanceled)
        {
            // What failed took its files back, and is reported by whoever waited for it.
        }
        finally
        {
            archive.Dispose();
        }
    }
}
