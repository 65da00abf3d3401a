using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Content.Partials;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Images.Pull;

/// <summary>Brings an image's layers into the stores: several at once, each unpacked while it arrives, committed from the lowest up.</summary>
internal sealed class LayersPull(
    RegistryClient client, string repository, IContentIngester content, LayerStore layers, RegistryOptions options, ExpansionLimit limit, Lease lease, IProgress<PullStep> progress)
{
    /// <returns>The chain of all of them; null: there are none.</returns>
    public async Task<ChainId?> RunAsync(ResolvedImage image, IReadOnlyList<Digest> diffIds, CancellationToken cancel)
    {
        List<ChainId> chains = [];
        foreach (Digest diffId in diffIds)
        {
            chains.Add(ChainId.Of(chains.Count == 0 ? null : chains[^1], diffId));
        }

        int there = await KeptAsync(chains, cancel);
        LayerProgress[] lines = [.. image.Layers.Select(layer => new LayerProgress(ImageResolution.ParseDigest(layer.Digest).Short, layer.Size, progress))];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i].Say(i < there ? "Already exists" : "Pulling fs layer");
        }

        using var downloads = new SemaphoreSlim(options.Downloads);
        using var unpackings = new SemaphoreSlim(Math.Max(2, Environment.ProcessorCount));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task<PulledLayer>[] work = [.. Enumerable.Range(there, image.Layers.Count - there).Select(i => PullAsync(image, image.Layers[i], diffIds[i], lines[i], downloads, unpackings, stop))];
        int committed = 0;
        try
        {
            ChainId? parent = there == 0 ? null : chains[there - 1];
            for (; committed < work.Length; committed++)
            {
                PulledLayer pulled = await FirstAsync(work, committed);
                parent = await layers.CommitAsync(pulled.Layer, parent, pulled.DiffId, pulled.Blob, lease, CancellationToken.None);
                lines[there + committed].Say("Pull complete");
            }

            return parent;
        }
        catch
        {
            await stop.CancelAsync();
            await DropAsync(work[committed..]);
            throw;
        }
    }

    // How many of the lowest are there already: the uppermost that is keeps those below it.
    private async Task<int> KeptAsync(List<ChainId> chains, CancellationToken cancel)
    {
        int i = chains.Count;
        while (i > 0 && !await layers.KeepAsync(chains[i - 1], lease, cancel))
        {
            i--;
        }

        return i;
    }

    // One that fails ends all at once, also where a lower one is still on its way.
    private static async Task<PulledLayer> FirstAsync(Task<PulledLayer>[] work, int wanted)
    {
        var waiting = work[wanted..].ToList();
        while (!work[wanted].IsCompleted)
        {
            Task<PulledLayer> done = await Task.WhenAny(waiting);
            if (!done.IsCompletedSuccessfully)
            {
                return await done;
            }

            waiting.Remove(done);
        }

        return await work[wanted];
    }

    private async Task<PulledLayer> PullAsync(
        ResolvedImage image, Descriptor layer, Digest diffId, LayerProgress line, SemaphoreSlim downloads, SemaphoreSlim unpackings, CancellationTokenSource all)
    {
        await Task.Yield(); // what follows opens files
        Digest digest = ImageResolution.ParseDigest(layer.Digest);
        if (!await downloads.WaitAsync(0, all.Token))
        {
            line.Say("Waiting");
            await downloads.WaitAsync(all.Token);
        }

        bool downloading = true;
        void Downloaded()
        {
            if (downloading)
            {
                downloading = false;
                downloads.Release();
            }
        }

        try
        {
            var fetch = new BlobFetch(client, repository, digest, image.Manifest.From);
            while (true)
            {
                if (await ReceiveAsync(layer, diffId, fetch, line, unpackings, Downloaded, all.Token) is { } pulled)
                {
                    return pulled;
                }

                line.Restart();
            }
        }
        finally
        {
            Downloaded();
        }
    }

    // Null: what came was wrong, and there is another endpoint to have it from.
    private async Task<PulledLayer?> ReceiveAsync(
        Descriptor layer, Digest diffId, BlobFetch fetch, LayerProgress line, SemaphoreSlim unpackings, Action downloaded, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using PartialBlob blob = await content.JoinAsync(ImageResolution.ParseDigest(layer.Digest), layer.Size, lease, line, stop.Token);
        Task<BlobInfo> fetched = blob.FetchAsync(fetch.RunAsync, stop.Token);
        Task<(UnpackedLayer Layer, string MediaType)> unpacked = UnpackAsync(blob, layer.Size, diffId, line, unpackings, stop.Token);
        try
        {
            await WhileUnpackableAsync(fetched, unpacked, stop);
            line.Complete(blob.Stored is null);
            downloaded();
            (UnpackedLayer folder, string type) = await unpacked;
            return new PulledLayer(folder, new LayerBlob(blob.Digest, type), diffId);
        }
        catch (Exception e)
        {
            await stop.CancelAsync();
            await EndAsync(unpacked);
            if (fetched.IsFaulted && e is EngineException { Kind: EngineErrorKind.Invalid } && fetch.TryElsewhere(e.Message, blob.Resumed > 0))
            {
                return null;
            }

            throw e is DamagedLayerException damaged ? EngineException.Invalid(damaged.Message, damaged) : e;
        }
    }

    // Bytes that cannot be unpacked may be the wrong ones: then the digest is the better explanation. Any other failure ends the download.
    private static async Task WhileUnpackableAsync(Task fetched, Task unpacked, CancellationTokenSource stop)
    {
        if (await Task.WhenAny(fetched, unpacked) == unpacked && unpacked.IsFaulted && unpacked.Exception.InnerException is not DamagedLayerException)
        {
            await stop.CancelAsync();
            await unpacked;
        }

        await fetched;
    }

    private async Task<(UnpackedLayer Layer, string MediaType)> UnpackAsync(
        PartialBlob blob, long size, Digest diffId, LayerProgress line, SemaphoreSlim unpackings, CancellationToken cancel)
    {
        await unpackings.WaitAsync(cancel);
        try
        {
            var packed = new ObservedStream(blob.OpenRead(cancel), line.Extracted);
            return await new LayerUnpacking(layers, limit, lease).RunAsync(packed, size, blob.Digest.ToString(), diffId, cancel);
        }
        finally
        {
            unpackings.Release();
        }
    }

    private async Task EndAsync(Task<(UnpackedLayer Layer, string MediaType)> unpacked)
    {
        try
        {
            await layers.DropAsync((await unpacked).Layer);
        }
        catch (Exception)
        {
            // What went wrong first is reported; this is its consequence.
        }
    }

    private async Task DropAsync(IEnumerable<Task<PulledLayer>> work)
    {
        foreach (Task<PulledLayer> item in work)
        {
            try
            {
                await layers.DropAsync((await item).Layer);
            }
            catch (Exception)
            {
                // As above.
            }
        }
    }
}
