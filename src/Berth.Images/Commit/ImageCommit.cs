using System.Text.Json;

using Berth.Images.Archives;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Images.Commit;

/// <summary>
/// Makes images of what containers changed. The changes are read once: their archive goes into the content store, uncompressed, and is unpacked
/// into the layer's folder while it is written, so that the layer here is what every other engine makes of the same archive.
/// </summary>
/// <param name="database">Their rows.</param>
/// <param name="content">Their blobs.</param>
/// <param name="layers">Their layers.</param>
/// <param name="archiver">Reads the container's files.</param>
/// <param name="images">Finds the parent.</param>
/// <param name="changed">Told of the new name.</param>
public sealed class ImageCommit(
    BerthDatabase database, IContentStore content, LayerStore layers, LayerArchiver archiver, ImageStore images, ImageChange? changed = null)
{
    /// <param name="request">What is committed.</param>
    /// <param name="whenRead">Called once the container's files are not needed any more, also after a failure.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <returns>The new image's id.</returns>
    /// <exception cref="EngineException">Invalid: a file that no layer can hold, or too many layers. NotFound: the parent or the container is gone.</exception>
    public async Task<Digest> CommitAsync(CommitRequest request, Func<Task> whenRead, CancellationToken cancel)
    {
        Lease lease = await Lease.CreateAsync(database, "commit", cancel);
        try
        {
            ImageRecord parent = images.Find(request.Parent) ?? throw EngineException.NotFound($"the image {request.Parent} that the container was made from is gone");
            await using PackedLayer packed = await PackAsync(request, parent, lease, cancel);
            Task read = whenRead();
            whenRead = () => read;
            return await StoreAsync(request, parent, packed, lease, cancel);
        }
        finally
        {
            await whenRead();
            Drop(lease);
        }
    }

    private Task<PackedLayer> PackAsync(CommitRequest request, ImageRecord parent, Lease lease, CancellationToken cancel)
    {
        int below = parent.Config.RootFs?.DiffIds.Count ?? 0, kept = request.KeptLayers ?? below;
        Check(below, kept);
        return new LayerPacking(content, layers, archiver, lease).PackAsync(request.Snapshot, below - kept, cancel);
    }

    private async Task<Digest> StoreAsync(CommitRequest request, ImageRecord parent, PackedLayer packed, Lease lease, CancellationToken cancel)
    {
        Image config = CommittedImage.Of(parent.Config, request, packed.IsEmpty ? null : packed.DiffId, DateTimeOffset.UtcNow);
        using var document = new ArchiveFile(JsonSerializer.SerializeToUtf8Bytes(config, ImageJson.Default.Image), content, lease);

        // Both wait for the disk, and neither needs the other.
        Task<BlobInfo> storing = document.CommitAsync(cancel);
        ChainId? chain = await WhenBothAsync(CommitAsync(packed, config, cancel), storing);
        await database.WriteAsync(t => Publish(t, request, new LoadedImage(document.Digest, config, chain, [document.Digest])), CancellationToken.None);
        layers.SyncBehind();
        await lease.DisposeAsync();
        await (images.Floor?.ApplyAsync([document.Digest]) ?? Task.CompletedTask);
        return document.Digest;
    }

    // The image's row names everything by now; nobody waits for the lease to be gone, and a later write comes after it.
    private static void Drop(Lease lease) => _ = lease.DisposeAsync().AsTask().ContinueWith(
        done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static async Task<ChainId?> CommitAsync(PackedLayer layer, Image config, CancellationToken cancel)
    {
        List<Digest> diffIds = [.. config.RootFs!.DiffIds.Select(Digest.Parse)];
        if (!layer.IsEmpty)
        {
            await layer.CommitAsync(ChainId.Of(diffIds.SkipLast(1)), cancel);
        }

        return ChainId.Of(diffIds);
    }

    // Neither is left running when the other fails: what they write to is disposed then.
    private static async Task<T> WhenBothAsync<T>(Task<T> first, Task second)
    {
        await Task.WhenAll(first, second);
        return await first;
    }

    private static void Check(int below, int kept)
    {
        if (kept > below)
        {
            throw EngineException.Invalid($"{kept} layers cannot stay where the image has {below}");
        }

        if (kept >= OverlaySnapshotter.MostLayers)
        {
            throw EngineException.Invalid($"the image has {kept} layers, and more than {OverlaySnapshotter.MostLayers} cannot be stacked: commit with --squash to make one of them");
        }
    }

    private void Publish(Transaction t, CommitRequest request, LoadedImage image)
    {
        ImageRows.Add(t, image);
        ImageRows.SetParent(t, image.Id, request.Parent);
        if (request.Reference?.WithDefaultTag() is { } name)
        {
            ImageRows.Tag(t, name, image.Id);
            changed?.Invoke(t, "tag", image.Id, name.Familiar);
        }
    }
}
