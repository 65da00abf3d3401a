using Berth.Images.Registries;
using Berth.Oci.References;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Leases;

namespace Berth.Images.Push;

/// <summary>Brings an image's layers into a repository, several at once.</summary>
internal sealed class LayersPush(
    RegistryClient client, ImageReference name, BerthDatabase database, IContentStore content, LayerCompression compression, RegistryOptions options, Lease lease, IProgress<PushStep> progress)
{
    // More would only be asked in vain.
    private const int MostNeighbours = 3;

    /// <returns>The blobs as they are in the registry now, in the layers' order.</returns>
    /// <exception cref="RegistryException">One of them did not get there.</exception>
    public async Task<IReadOnlyList<BlobInfo>> RunAsync(IReadOnlyList<PushedLayer> layers, CancellationToken cancel)
    {
        // The same layer twice in an image is one blob. The uppermost first, as Docker lists them.
        List<PushedLayer> distinct = [.. layers.Reverse().DistinctBy(static l => l.Layer.DiffId)];
        List<PushProgress> lines = [.. distinct.Select(l => new PushProgress(l.Layer.DiffId.Short, progress))];
        lines.ForEach(static l => l.Say("Preparing"));
        using var uploads = new SemaphoreSlim(options.Uploads);
        using var packings = new SemaphoreSlim(Math.Max(2, Environment.ProcessorCount));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task<BlobInfo>[] work = [.. distinct.Select((layer, i) => PushAsync(layer, lines[i], uploads, packings, stop))];
        try
        {
            await Task.WhenAll(work);
        }
        catch when (work.FirstOrDefault(static w => w.IsFaulted) is { } failed)
        {
            await failed; // the cause, where others were only told to stop
            throw;
        }

        var pushed = distinct.Zip(work).ToDictionary(static p => p.First.Layer.DiffId, static p => p.Second.Result);
        return [.. layers.Select(l => pushed[l.Layer.DiffId])];
    }

    private async Task<BlobInfo> PushAsync(PushedLayer layer, PushProgress line, SemaphoreSlim uploads, SemaphoreSlim packings, CancellationTokenSource all)
    {
        await Task.Yield(); // what follows opens files
        try
        {
            BlobInfo blob = layer.Stored ?? await PackAsync(layer, packings, all.Token);
            if (!await uploads.WaitAsync(0, all.Token))
            {
                line.Say("Waiting");
                await uploads.WaitAsync(all.Token);
            }

            try
            {
                var push = new BlobPush(client, name.Path, content, blob, at => line.Sent(at, blob.Size));
                line.Say(await push.RunAsync(Neighbours(layer), all.Token));
                return blob;
            }
            finally
            {
                uploads.Release();
            }
        }
        catch
        {
            await all.CancelAsync();
            throw;
        }
    }

    private async Task<BlobInfo> PackAsync(PushedLayer layer, SemaphoreSlim packings, CancellationToken cancel)
    {
        await packings.WaitAsync(cancel);
        try
        {
            return await compression.PackAsync(layer.Layer, lease, cancel);
        }
        finally
        {
            packings.Release();
        }
    }

    // Repositories of this registry with an image that stands on the layer.
    private List<string> Neighbours(PushedLayer layer) =>
        [.. database.Read(s => s.Query(
            """
            WITH RECURSIVE above(chain_id) AS (
                SELECT chain_id FROM layers WHERE diff_id = @diff
                UNION SELECT layers.chain_id FROM layers JOIN above ON layers.parent = above.chain_id)
            SELECT DISTINCT repository FROM tags JOIN images ON images.id = tags.image
            WHERE is_digest = 1 AND repository <> @own AND chain_id IN (SELECT chain_id FROM above) ORDER BY repository
            """,
            r => r.GetString(0), ("@diff", layer.Layer.DiffId.ToString()), ("@own", name.Repository)))
            .Where(r => r.StartsWith($"{name.Domain}/", StringComparison.Ordinal)).Select(r => r[(name.Domain.Length + 1)..]).Take(MostNeighbours)];
}
