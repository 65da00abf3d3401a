using Berth.Images.Compression;
using Berth.Oci.Digests;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Images;

/// <summary>After a sudden stop of the machine: unpacks again, from their blobs, the layers whose files may not have reached the disk.</summary>
/// <param name="database">For the lease.</param>
/// <param name="content">Their blobs, which were synced before their rows were written.</param>
/// <param name="layers">What is mended.</param>
/// <param name="sync">Which are in doubt.</param>
public sealed class LayerRecovery(BerthDatabase database, IContentProvider content, LayerStore layers, LayerSync sync)
{
    /// <summary>Run once at the start, before any container is started. Nothing to do on nearly every start.</summary>
    /// <returns>Layers that could not be mended, with the reason; their images have to be loaded again. They stay marked.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancel)
    {
        var lost = new List<string>();
        IReadOnlyList<ChainId> doubtful = sync.Doubtful();
        if (doubtful.Count == 0)
        {
            return lost;
        }

        await using Lease lease = await Lease.CreateAsync(database, "recovery", cancel);
        foreach (ChainId chain in doubtful)
        {
            try
            {
                await MendAsync(chain, lease, cancel);
            }
            catch (Exception e) when (e is EngineException or Linux.LinuxException or IOException or InvalidDataException or Storage.Tar.TarException)
            {
                lost.Add($"the layer {chain} may be damaged since the machine stopped, and could not be unpacked again: {e.Message}");
            }
        }

        await sync.RunAsync(cancel);
        return lost;
    }

    private async Task MendAsync(ChainId chain, Lease lease, CancellationToken cancel)
    {
        UnpackedLayer fresh = await UnpackAgainAsync(chain, layers, content, lease, cancel);
        await layers.ReplaceAsync(chain, fresh, cancel);
    }

    /// <summary>Unpacks a layer once more from its blob, beside what is there.</summary>
    /// <exception cref="EngineException">NotFound: there is no blob. Internal: it is damaged.</exception>
    internal static async Task<UnpackedLayer> UnpackAgainAsync(ChainId chain, LayerStore layers, IContentProvider content, Lease lease, CancellationToken cancel)
    {
        (LayerBlob blob, Digest diffId) = layers.SourceOf(chain);
        using var archive = new HashingStream(Decompression.Open(content.Open(blob.Digest), out _));
        UnpackedLayer fresh = await layers.UnpackAsync(archive, lease, cancel);
        if (archive.Finish() != diffId)
        {
            await layers.DropAsync(fresh);
            throw EngineException.Internal($"its archive {blob.Digest} is damaged too");
        }

        return fresh;
    }
}
