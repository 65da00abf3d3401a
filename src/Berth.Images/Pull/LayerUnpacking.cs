using Berth.Images.Archives;
using Berth.Images.Compression;
using Berth.Oci.Digests;
using Berth.Storage;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Tar;

namespace Berth.Images.Pull;

/// <summary>Unpacks a layer while it arrives: inflating and hashing on one thread, writing files on another.</summary>
internal sealed class LayerUnpacking(LayerStore layers, ExpansionLimit limit, Lease lease)
{
    /// <param name="packed">The layer as it arrives; not verified. Owned.</param>
    /// <param name="size">Its length.</param>
    /// <param name="shown">For errors.</param>
    /// <param name="diffId">What its uncompressed bytes must hash to.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="DamagedLayerException">Damaged, hostile or another layer, if these were the bytes that were asked for.</exception>
    /// <exception cref="EngineException">Internal: this machine's disk.</exception>
    public async Task<(UnpackedLayer Layer, string MediaType)> RunAsync(Stream packed, long size, string shown, Digest diffId, CancellationToken cancel)
    {
        await using var inflated = new ReadAheadStream(new LayerArchive(packed, size, shown, limit));
        UnpackedLayer? layer = null;
        try
        {
            layer = await layers.UnpackAsync(inflated, lease, cancel);
            var archive = (LayerArchive)inflated.Source;
            Digest actual = archive.Finish();
            return actual == diffId
                ? (layer, archive.MediaType)
                : throw new DamagedLayerException($"the layer {shown} is damaged: its uncompressed bytes have the digest {actual}, where the image's config lists {diffId}", null);
        }
        catch (Exception e)
        {
            if (layer is not null)
            {
                await layers.DropAsync(layer);
            }

            throw Explain(e, shown);
        }
    }

    private static Exception Explain(Exception e, string shown) => e switch
    {
        TarException or InvalidDataException or EndOfStreamException => new DamagedLayerException($"the layer {shown} cannot be unpacked: {e.Message}", e),
        Linux.LinuxException linux => ImageLoader.IsOurs(linux.Errno)
            ? EngineException.Internal($"the layer {shown} cannot be unpacked: {e.Message}", e)
            : new DamagedLayerException($"the layer {shown} cannot be unpacked: {e.Message}", e),
        EngineException { Kind: EngineErrorKind.Invalid } => new DamagedLayerException(e.Message, e), // a bomb, or packed otherwise than layers are
        _ => e,
    };
}
