using Berth.Images.Compression;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;
using Berth.Storage.Tar;

namespace Berth.Images.Archives;

/// <summary>Brings an archived image's layers and blobs into the stores, under a lease; the image's own row is the caller's.</summary>
internal sealed class ImageLoader(LayerStore layers, Lease lease)
{
    /// <summary>An image cannot have more (overlayfs), so a config that lists more is refused before any work.</summary>
    private const int MostLayers = OverlaySnapshotter.MostLayers;

    /// <exception cref="EngineException">Invalid: config and layers do not fit each other, or it is for another operating system.</exception>
    public async Task<LoadedImage> LoadAsync(ArchivedImage archived, CancellationToken cancel)
    {
        Digest id = archived.Config.Digest;
        Image config = ReceivedArchive.ReadJson(archived.Config, ImageJson.Default.Image, $"the config {id}");
        if (PlatformMatch.IsForeign(config.Os))
        {
            // dockerd's words, which say it before anything else of it is looked at.
            throw EngineException.Invalid($"cannot load {config.Os} image on linux: {(archived.Names.Count > 0 ? archived.Names[0].Familiar : id.Short)}");
        }

        List<Digest> diffIds = [.. (config.RootFs?.DiffIds ?? []).Select(text => ParseDiffId(text, id))];
        if (diffIds.Count != archived.Layers.Count)
        {
            throw EngineException.Invalid($"the image {id.Short} has {diffIds.Count} layers by its config and {archived.Layers.Count} by its manifest");
        }

        if (diffIds.Count > MostLayers)
        {
            throw EngineException.Invalid($"the image {id.Short} has {diffIds.Count} layers: more than {MostLayers} cannot be stacked");
        }

        ChainId? top = await LoadLayersAsync(archived, diffIds, cancel);
        await archived.Config.CommitAsync(cancel);
        foreach (ArchiveFile document in archived.Documents)
        {
            await document.CommitAsync(cancel);
        }

        return new LoadedImage(id, config, top, [id, .. archived.Documents.Select(d => d.Digest)]);
    }

    private async Task<ChainId?> LoadLayersAsync(ArchivedImage archived, List<Digest> diffIds, CancellationToken cancel)
    {
        using var slots = new SemaphoreSlim(Environment.ProcessorCount);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var work = new Task<(UnpackedLayer Layer, LayerBlob Blob)?>[diffIds.Count];
        ChainId? chain = null;
        for (int i = 0; i < diffIds.Count; i++)
        {
            chain = ChainId.Of(chain, diffIds[i]);
            work[i] = UnpackAsync(archived, i, chain.Value, diffIds[i], slots, stop.Token);
        }

        try
        {
            ChainId? parent = null;
            for (int i = 0; i < work.Length; i++)
            {
                parent = await work[i] is { } unpacked
                    ? await layers.CommitAsync(unpacked.Layer, parent, diffIds[i], unpacked.Blob, lease, cancel)
                    : ChainId.Of(parent, diffIds[i]);
            }

            return parent;
        }
        catch
        {
            await stop.CancelAsync();
            await DropAsync(work);
            throw;
        }
    }

    // Null: the chain is there already.
    private async Task<(UnpackedLayer Layer, LayerBlob Blob)?> UnpackAsync(
        ArchivedImage archived, int layer, ChainId chain, Digest diffId, SemaphoreSlim slots, CancellationToken cancel)
    {
        await slots.WaitAsync(cancel);
        try
        {
            if (await layers.KeepAsync(chain, lease, cancel))
            {
                return null;
            }

            if (archived.Layers[layer] is not { } file)
            {
                throw EngineException.Invalid(archived.Since is { } since
                    ? $"the archive was saved with --since and holds only what {since} lacks: load or pull {since} first (its layer {diffId} is not here)"
                    : $"the archive has no file for the layer {diffId}, and the store has no such layer");
            }

            (UnpackedLayer unpacked, LayerBlob blob, _) = await UnpackAsync(file, diffId, cancel);
            return (unpacked, blob);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>Unpacks one layer and puts its blob into the content store, both at once.</summary>
    /// <param name="file">The layer as received.</param>
    /// <param name="expected">What its uncompressed bytes must hash to; null: anything.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public async Task<(UnpackedLayer Layer, LayerBlob Blob, Digest DiffId)> UnpackAsync(ArchiveFile file, Digest? expected, CancellationToken cancel)
    {
        if (file.Compression == ArchiveCompression.None && expected is { } plain && plain != file.Digest)
        {
            throw EngineException.Invalid($"the layer {plain} is damaged: its bytes have the digest {file.Digest}");
        }

        if (!Decompression.IsLayerForm(file.Compression))
        {
            throw EngineException.Invalid($"the layer {file.Digest} is packed with {file.Compression.ToString().ToLowerInvariant()}: layers are plain tar, gzip or zstd");
        }

        Task<Storage.Content.BlobInfo> stored = Task.Run(() => file.CommitAsync(cancel), cancel);
        UnpackedLayer? unpacked = null;
        try
        {
            (unpacked, Digest actual) = await UnpackAndHashAsync(file, cancel);
            if (expected is { } wanted && wanted != actual)
            {
                throw EngineException.Invalid($"the layer {wanted} is damaged: its bytes have the digest {actual}");
            }

            return (unpacked, new LayerBlob((await stored).Digest, Decompression.LayerType(file.Compression)), actual);
        }
        catch (Exception e) when (e is TarException or InvalidDataException or EndOfStreamException)
        {
            await FinishAsync(stored, unpacked);
            throw EngineException.Invalid($"the layer {file.Digest} cannot be unpacked: {e.Message}", e);
        }
        catch (Linux.LinuxException e)
        {
            await FinishAsync(stored, unpacked);
            throw IsOurs(e.Errno) ? Ours($"the layer {file.Digest} cannot be unpacked", e) : EngineException.Invalid($"the layer {file.Digest} cannot be unpacked: {e.Message}", e);
        }
        catch
        {
            await FinishAsync(stored, unpacked);
            throw;
        }
    }

    // The machine's fault; anything else the archive asked for.
    internal static bool IsOurs(int errno) =>
        errno is Linux.Errno.ENOSPC or Linux.Errno.EDQUOT or Linux.Errno.EIO or Linux.Errno.EMFILE or Linux.Errno.ENFILE or Linux.Errno.ENOMEM or Linux.Errno.EROFS;

    /// <summary>A failure of the machine, without the store's inner paths, and with the way out of a full disk.</summary>
    internal static EngineException Ours(string what, Linux.LinuxException failure) => EngineException.Internal(
        failure.Errno is Linux.Errno.ENOSPC or Linux.Errno.EDQUOT
            ? $"{what}: {Linux.Errno.Describe(failure.Errno)}: free some on the disk of the images, for example with \"system prune\""
            : $"{what}: {failure.Call}: {Linux.Errno.Describe(failure.Errno)}",
        failure);

    private async Task<(UnpackedLayer Layer, Digest DiffId)> UnpackAndHashAsync(ArchiveFile file, CancellationToken cancel)
    {
        if (file.Compression == ArchiveCompression.None)
        {
            // Hashed while it was received, and on our own disk since: not hashed again.
            using Stream open = file.Open();
            return (await layers.UnpackAsync(open, lease, cancel), file.Digest);
        }

        // Inflating and hashing on one core, writing files on another.
        await using var inflated = new ReadAheadStream(new HashingStream(Decompression.Open(file.Open(), out _)));
        UnpackedLayer layer = await layers.UnpackAsync(inflated, lease, cancel);
        var plain = (HashingStream)inflated.Source;
        if (plain.Count == 0)
        {
            // An archive without any file has at least its two closing blocks.
            await layers.DropAsync(layer);
            throw new InvalidDataException("its packed form is cut off");
        }

        return (layer, plain.Finish());
    }

    private async Task FinishAsync(Task stored, UnpackedLayer? unpacked)
    {
        // The blob must not be written to when its archive is dropped; its own failure is less than what is being reported.
        await stored.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (unpacked is not null)
        {
            await layers.DropAsync(unpacked);
        }
    }

    private async Task DropAsync(IEnumerable<Task<(UnpackedLayer Layer, LayerBlob Blob)?>> work)
    {
        foreach (Task<(UnpackedLayer Layer, LayerBlob Blob)?> item in work)
        {
            try
            {
                if (await item is { } unpacked)
                {
                    await layers.DropAsync(unpacked.Layer);
                }
            }
            catch (Exception e) when (e is EngineException or OperationCanceledException or Linux.LinuxException or IOException)
            {
                // The first failure is reported; these are its consequences.
            }
        }
    }

    private static Digest ParseDiffId(string text, Digest id) =>
        Digest.TryParse(text, out Digest digest) ? digest : throw EngineException.Invalid($"the config {id.Short} lists a layer \"{text}\", which is not a SHA-256 digest");
}
