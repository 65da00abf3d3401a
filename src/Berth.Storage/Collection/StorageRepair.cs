using System.Globalization;

using Berth.Linux.Trees;
using Berth.Oci.Digests;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Storage.Collection;

/// <summary>
/// The sweep at the daemon's start, before anything else uses the data root: leases of a dead daemon, half-made files, files that no row names
/// and rows whose files are gone. Afterwards there is a row for every file and a file for every row.
/// </summary>
public sealed class StorageRepair(
    DataRoot root, BerthDatabase database, ContentStore content, ISnapshotter snapshots, Collector collector, Trash trash)
{
    /// <summary>Run once, when the containers' rows are settled and before the first request.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        // No work of an earlier daemon goes on, so nothing is leased but what the next try can use, and a snapshot without a container is left over.
        await database.WriteAsync(Lease.AfterStart, cancel);
        foreach (SnapshotKey key in database.Read(s => s.Query(
            "SELECT key FROM snapshots WHERE key IS NOT NULL AND key NOT IN (SELECT id FROM containers)", r => new SnapshotKey(r.GetString(0)))))
        {
            await snapshots.RemoveAsync(key, cancel);
        }

        // Committed, but killed before the layer's own row: nobody can have stacked anything on it but others of its kind.
        await database.WriteAsync(RemoveUnfinished, cancel);
        await collector.CollectAsync(cancel);
        await database.WriteAsync(AdoptVolumes, cancel);
        await Task.Run(SweepFiles, cancel);
    }

    // A database that knows nothing of this data root is new, because the old one was lost. Images can be had again; what users keep in
    // volumes cannot, so those are taken over instead of swept.
    private void AdoptVolumes(Transaction t)
    {
        if (t.Any("SELECT 1 FROM facts WHERE name = 'data-root'"))
        {
            return;
        }

        foreach (string folder in Directory.EnumerateDirectories(root.Volumes))
        {
            t.Execute(
                "INSERT OR IGNORE INTO volumes (name, driver, anonymous, document, created) VALUES (@name, 'local', 0, '{}', @created)",
                ("@name", Path.GetFileName(folder)), ("@created", Clock.Now()));
        }

        t.Execute("INSERT INTO facts (name, value) VALUES ('data-root', @path)", ("@path", root.Data));
    }

    private static int RemoveUnfinished(Transaction t)
    {
        const string Unfinished =
            "DELETE FROM snapshots WHERE chain_id IS NOT NULL AND chain_id NOT IN (SELECT chain_id FROM layers) "
            + "AND id NOT IN (SELECT parent FROM snapshots WHERE parent IS NOT NULL)";
        int all = 0;
        int some;
        while ((some = t.Execute(Unfinished)) > 0)
        {
            all += some;
        }

        return all;
    }

    private void SweepFiles()
    {
        (HashSet<string> snapshotIds, HashSet<string> blobs, HashSet<string> containers, HashSet<string> volumes) = database.Read(s => (
            s.Query("SELECT id FROM snapshots", r => r.GetInt64(0).ToString(CultureInfo.InvariantCulture)).ToHashSet(),
            s.Query("SELECT digest FROM blobs", r => Digest.Parse(r.GetString(0)).Hex).ToHashSet(),
            s.Query("SELECT id FROM containers", r => r.GetString(0)).ToHashSet(),
            s.Query("SELECT name FROM volumes", r => r.GetString(0)).ToHashSet()));
        snapshotIds.Add(Path.GetFileName(root.EmptyLayer));
        Sweep(root.Snapshots, snapshotIds);
        Sweep(root.Blobs, blobs);
        Sweep(root.Ingests, []);
        Sweep(root.Containers, containers);
        Sweep(root.Volumes, volumes);
        content.SweepPartials(Lease.Lifetime);
        trash.Empty();
    }

    private void Sweep(string folder, HashSet<string> named)
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(folder))
        {
            if (named.Contains(Path.GetFileName(path)))
            {
                continue;
            }

            if (Directory.Exists(path))
            {
                trash.Discard(path);
            }
            else
            {
                TreeRemoval.Remove(path);
            }
        }
    }
}
