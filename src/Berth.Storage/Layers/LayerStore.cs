using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;
using Berth.Oci.Digests;
using Berth.Storage.Database;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;
using Berth.Storage.Tar;

namespace Berth.Storage.Layers;

/// <summary>Layers: archives unpacked into committed snapshots. Several can be unpacked at once; they are committed from the lowest up.</summary>
public sealed class LayerStore(BerthDatabase database, ISnapshotter snapshots, LayerSync sync)
{
    /// <summary>Whether a chain is there; if so, <paramref name="lease"/> keeps it from now on.</summary>
    public Task<bool> KeepAsync(ChainId chain, Lease lease, CancellationToken cancel) =>
        database.WriteAsync(
            t =>
            {
                bool there = t.Any("SELECT 1 FROM layers WHERE chain_id = @chain", ("@chain", chain.ToString()));
                if (there)
                {
                    lease.Keep(t, LeasedKind.Chain, chain.ToString());
                }

                return there;
            },
            cancel);

    /// <summary>Unpacks an archive into a snapshot of its own. Blocks its thread on disk and stream.</summary>
    /// <param name="archive">Uncompressed; read to its very end, so that the caller can hash it.</param>
    /// <param name="lease">Keeps the snapshot.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="TarException">The archive is damaged or hostile.</exception>
    public async Task<UnpackedLayer> UnpackAsync(Stream archive, Lease lease, CancellationToken cancel)
    {
        var key = new SnapshotKey($"unpack-{Guid.NewGuid():N}");
        await snapshots.PrepareAsync(key, null, SnapshotDurability.Durable, lease, cancel);
        try
        {
            // The unpacker is all system calls and no waiting on others: a thread of its own, so that none of the pool's is taken away.
            long size = await Task.Factory.StartNew(
                () => Unpack(snapshots.ChangesOf(key), archive, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return new UnpackedLayer(key, size);
        }
        catch
        {
            await snapshots.DropAsync(key);
            throw;
        }
    }

    /// <summary>Names an unpacked layer. One that is there already is kept, and this copy dropped.</summary>
    public async Task<ChainId> CommitAsync(UnpackedLayer layer, ChainId? parent, Digest diffId, LayerBlob blob, Lease lease, CancellationToken cancel)
    {
        ChainId chain = ChainId.Of(parent, diffId);

        // Both rows are handed to the writer at once, in this order, so that they share one wait for the disk; without the first there is no second.
        Task<bool> naming = snapshots.CommitAsync(layer.Key, chain, parent, lease, cancel).AsTask();
        Task adding = database.WriteAsync(
            t => t.Execute(
                "INSERT OR IGNORE INTO layers (chain_id, parent, diff_id, blob, media_type, size) "
                    + "SELECT @chain, @parent, @diff, @blob, @type, @size WHERE EXISTS (SELECT 1 FROM snapshots WHERE chain_id = @chain)",
                ("@chain", chain.ToString()), ("@parent", parent?.ToString()), ("@diff", diffId.ToString()), ("@blob", blob.Digest.ToString()),
                ("@type", blob.MediaType), ("@size", layer.Size)),
            CancellationToken.None);
        await Task.WhenAll(naming, adding);
        return chain;
    }

    /// <summary>Gives a layer that may be damaged the files of a fresh unpacking.</summary>
    public async Task ReplaceAsync(ChainId chain, UnpackedLayer layer, CancellationToken cancel) => await snapshots.ReplaceAsync(chain, layer.Key, cancel);

    /// <summary>Where a layer came from, and what its uncompressed bytes hash to.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    public (LayerBlob Blob, Digest DiffId) SourceOf(ChainId chain) => database.Read(s => s.First(
        "SELECT blob, media_type, diff_id FROM layers WHERE chain_id = @chain",
        r => ((LayerBlob, Digest)?)(new LayerBlob(Digest.Parse(r.GetString(0)), r.GetString(1)), Digest.Parse(r.GetString(2))), ("@chain", chain.ToString())))
        ?? throw EngineException.NotFound($"no layer {chain}");

    /// <summary>All layers, each after the one below it.</summary>
    public IReadOnlyList<LayerInfo> List() => database.Read(s => s.Query(
        "WITH RECURSIVE ordered(chain_id, depth) AS (SELECT chain_id, 0 FROM layers WHERE parent IS NULL "
            + "UNION ALL SELECT layers.chain_id, depth + 1 FROM layers JOIN ordered ON layers.parent = ordered.chain_id) "
            + "SELECT chain_id, parent, diff_id, blob, media_type, size FROM layers JOIN ordered USING (chain_id) ORDER BY depth, chain_id",
        Info));

    /// <summary>A chain's layers, the lowest first.</summary>
    public IReadOnlyList<LayerInfo> Stack(ChainId? chain) => database.Read(s => s.Query(
        "WITH RECURSIVE stack(chain_id, depth) AS (SELECT @chain, 0 UNION ALL SELECT parent, depth + 1 FROM layers JOIN stack USING (chain_id) WHERE parent IS NOT NULL) "
            + "SELECT chain_id, parent, diff_id, blob, media_type, size FROM layers JOIN stack USING (chain_id) ORDER BY depth DESC",
        Info, ("@chain", chain?.ToString())));

    /// <summary>The folder of a layer's files, in the form of an overlay's lower layer.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    public string FilesOf(ChainId chain) => snapshots.FilesOf(chain);

    /// <summary>The folder of an unpacked layer that no chain names yet.</summary>
    public string FilesOf(UnpackedLayer layer) => snapshots.ChangesOf(layer.Key);

    /// <summary>Ids of containers that run on a layer: nothing of it can be exchanged under them.</summary>
    public IReadOnlyList<string> RunningOn(ChainId chain) => database.Read(s => s.Query(
        "WITH RECURSIVE above(id, key) AS (SELECT id, key FROM snapshots WHERE chain_id = @chain "
            + "UNION ALL SELECT snapshots.id, snapshots.key FROM snapshots JOIN above ON snapshots.parent = above.id) "
            + "SELECT containers.id FROM containers JOIN above ON containers.id = above.key WHERE lower(phase) NOT IN ('created', 'exited', 'dead')",
        r => r.GetString(0), ("@chain", chain.ToString())));

    /// <summary>Corrects a layer's recorded size, and with it that of the images that stand on it.</summary>
    public Task SetSizeAsync(ChainId chain, long size, CancellationToken cancel) => database.WriteAsync(
        t =>
        {
            long before = t.Number("SELECT size FROM layers WHERE chain_id = @chain", ("@chain", chain.ToString()));
            t.Execute("UPDATE layers SET size = @size WHERE chain_id = @chain", ("@size", size), ("@chain", chain.ToString()));
            t.Execute(
                "WITH RECURSIVE above(chain_id) AS (SELECT @chain UNION ALL SELECT layers.chain_id FROM layers JOIN above ON layers.parent = above.chain_id) "
                    + "UPDATE images SET size = size + @more WHERE chain_id IN (SELECT chain_id FROM above)",
                ("@chain", chain.ToString()), ("@more", size - before));
        },
        cancel);

    private static LayerInfo Info(Microsoft.Data.Sqlite.SqliteDataReader r) => new(
        ChainId.Parse(r.GetString(0)), r.IsDBNull(1) ? null : ChainId.Parse(r.GetString(1)), Digest.Parse(r.GetString(2)),
        new LayerBlob(Digest.Parse(r.GetString(3)), r.GetString(4)), r.GetInt64(5));

    /// <summary>Has the files of what was committed synced, while the caller goes on. What that comes too late for is seen to by the next start.</summary>
    public void SyncBehind() => _ = sync.RunAsync(CancellationToken.None).ContinueWith(
        done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Drops an unpacked layer that is not wanted after all.</summary>
    public async Task DropAsync(UnpackedLayer layer) => await snapshots.DropAsync(layer.Key);

    private static long Unpack(string folder, Stream archive, CancellationToken cancel)
    {
        using var tree = new TreeWriter(FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY));
        var unpacker = new LayerUnpacker(tree, new TarReader(archive, TarLimits.Default), cancel);
        unpacker.Run();

        // What follows the archive's end belongs to its digest.
        byte[] rest = new byte[1 << 16];
        while (archive.Read(rest) > 0)
        {
            cancel.ThrowIfCancellationRequested();
        }

        return unpacker.Size;
    }
}
