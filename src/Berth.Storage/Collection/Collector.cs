using Berth.Oci.Digests;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Storage.Collection;

/// <summary>
/// Removes layers and blobs that nothing names. Roots are images, active snapshots and leases; a layer keeps the one below it and its blob.
/// Marking and deleting rows are one transaction of a few queries, so nobody waits and nothing can be named in between; files follow.
/// </summary>
public sealed class Collector(DataRoot root, BerthDatabase database, ContentStore content, Trash trash)
{
    /// <summary>Everything that is reachable stays: from images and leases down the chain, and below every active snapshot.</summary>
    private const string Dead =
        """
        WITH RECURSIVE
        roots(chain_id) AS (
            SELECT chain_id FROM images WHERE chain_id IS NOT NULL
            UNION SELECT name FROM lease_refs WHERE kind = 'Chain'
            UNION SELECT below.chain_id FROM snapshots AS active JOIN snapshots AS below ON below.id = active.parent WHERE active.key IS NOT NULL),
        live(chain_id) AS (
            SELECT chain_id FROM roots
            UNION SELECT parent FROM layers JOIN live USING (chain_id) WHERE parent IS NOT NULL),
        depths(chain_id, depth) AS (
            SELECT chain_id, 0 FROM layers WHERE parent IS NULL
            UNION ALL SELECT layers.chain_id, depth + 1 FROM layers JOIN depths ON layers.parent = depths.chain_id)
        SELECT chain_id FROM depths WHERE chain_id NOT IN (SELECT chain_id FROM live) ORDER BY depth DESC
        """;

    private const string DeadBlobs =
        """
        SELECT digest FROM blobs
        WHERE digest NOT IN (SELECT digest FROM image_blobs)
          AND digest NOT IN (SELECT blob FROM layers)
          AND digest NOT IN (SELECT blob FROM packed_layers WHERE diff_id IN (SELECT diff_id FROM layers))
          AND digest NOT IN (SELECT name FROM lease_refs WHERE kind = 'Blob')
        """;

    /// <summary>Runs one collection. Removes files after their rows; what a crash leaves of them, the next start sweeps.</summary>
    public async Task<Collected> CollectAsync(CancellationToken cancel)
    {
        using IDisposable removal = trash.BeginRemoval();
        (List<ChainId> chains, List<long> folders) = await database.WriteAsync(TakeLayers, cancel);
        IReadOnlyList<Digest> blobs = await content.RemoveAsync(t => t.Query(DeadBlobs, r => Digest.Parse(r.GetString(0))), CancellationToken.None);
        await Task.Run(() => folders.ForEach(id => trash.Discard(root.Snapshot(id))), CancellationToken.None);
        content.SweepPartials(Lease.Lifetime);
        return new Collected(chains, blobs);
    }

    private static (List<ChainId> Chains, List<long> Folders) TakeLayers(Transaction t)
    {
        Lease.DropExpired(t);
        List<ChainId> chains = t.Query(Dead, r => ChainId.Parse(r.GetString(0)));
        var folders = new List<long>();
        foreach (ChainId chain in chains)
        {
            folders.Add(t.Number("SELECT id FROM snapshots WHERE chain_id = @chain", ("@chain", chain.ToString())));
            t.Execute("DELETE FROM layers WHERE chain_id = @chain", ("@chain", chain.ToString()));
            t.Execute("DELETE FROM snapshots WHERE chain_id = @chain", ("@chain", chain.ToString()));
        }

        folders.RemoveAll(id => id == 0);
        return (chains, folders);
    }
}
