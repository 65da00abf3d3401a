using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Mounts;
using Berth.Linux.Trees;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;
using Berth.Storage.Leases;

namespace Berth.Storage.Snapshots;

/// <summary>Snapshots as folders stacked by overlayfs: snapshots/N/fs holds the changes, snapshots/N/work is overlay's own.</summary>
public sealed class OverlaySnapshotter(DataRoot root, BerthDatabase database, Trash trash, Durable durable) : ISnapshotter
{
    /// <summary>Overlayfs takes no more lower folders (linux: fs/overlayfs/params.h, OVL_MAX_STACK).</summary>
    public const int MostLayers = 500;

    public async ValueTask<FileSystemMount> PrepareAsync(SnapshotKey key, ChainId? parent, SnapshotDurability durability, Lease lease, CancellationToken cancel)
    {
        (long id, List<long> lower) = await database.WriteAsync(t => Register(t, key, parent, durability, lease), cancel);
        try
        {
            MakeFolders(id, lower);
        }
        catch
        {
            await RemoveAsync(key, CancellationToken.None);
            throw;
        }

        return Mount(id, lower, durability);
    }

    public ValueTask<FileSystemMount> MountAsync(SnapshotKey key, CancellationToken cancel)
    {
        (long id, bool isVolatile, string boot, List<long> lower) = database.Read(s =>
        {
            (long Id, long Parent, bool IsVolatile, string Boot) row = Active(s, key);
            return (row.Id, row.IsVolatile, row.Boot, Lower(s, row.Parent));
        });
        if (isVolatile)
        {
            if (boot != LayerSync.Boot)
            {
                throw EngineException.Unavailable($"the files of {key} were not kept over a restart of the machine (it was made with --rm): remove it and make a new one");
            }

            // Overlayfs refuses an upper that was mounted volatile before, since it cannot know of a crash. Within one boot there was none.
            TreeRemoval.Remove(Path.Join(root.SnapshotWork(id), "work"));
        }

        return ValueTask.FromResult(Mount(id, lower, isVolatile ? SnapshotDurability.Volatile : SnapshotDurability.Durable));
    }

    public ValueTask<FileSystemMount> ViewAsync(ChainId chain, CancellationToken cancel)
    {
        List<long> lower = database.Read(s => Lower(s, Committed(s, chain)));

        // Overlayfs without an upper wants two lower folders at least.
        List<MountParameter> parameters = [.. lower.Select(LowerFolder), new MountParameter("lowerdir+", root.EmptyLayer, IsPath: true)];
        return ValueTask.FromResult(new FileSystemMount("overlay", "overlay", [.. parameters, .. Fixed]));
    }

    public async ValueTask<bool> CommitAsync(SnapshotKey key, ChainId chain, ChainId? parent, Lease lease, CancellationToken cancel)
    {
        using IDisposable removal = trash.BeginRemoval();
        long duplicate = await database.WriteAsync(t => Name(t, key, chain, parent, lease), cancel);
        if (duplicate > 0)
        {
            trash.Discard(root.Snapshot(duplicate));
            return false;
        }

        return true;
    }

    public async ValueTask<bool> RemoveAsync(SnapshotKey key, CancellationToken cancel)
    {
        using IDisposable removal = trash.BeginRemoval();
        long id = await database.WriteAsync(
            t =>
            {
                long found = t.Number("SELECT id FROM snapshots WHERE key = @key", ("@key", key.Value));
                t.Execute("DELETE FROM snapshots WHERE id = @id", ("@id", found));
                t.Execute("DELETE FROM lease_refs WHERE kind = 'Snapshot' AND name = @key", ("@key", key.Value));
                return found;
            },
            cancel);
        if (id > 0)
        {
            trash.Discard(root.Snapshot(id));
        }

        return id > 0;
    }

    public async ValueTask DropAsync(SnapshotKey key)
    {
        long id = database.Read(s => s.Number("SELECT id FROM snapshots WHERE key = @key", ("@key", key.Value)));
        if (id > 0)
        {
            trash.Discard(root.SnapshotFiles(id));
            await RemoveAsync(key, CancellationToken.None);
        }
    }

    public async ValueTask ReplaceAsync(ChainId chain, SnapshotKey key, CancellationToken cancel)
    {
        (long old, long fresh) = database.Read(s => (Committed(s, chain), Active(s, key).Id));

        // Marked as doubtful first, so that the next start does it again where this is killed in between. The number stays, since what lies above is
        // mounted by it.
        await database.WriteAsync(t => t.Execute("UPDATE snapshots SET boot = @boot WHERE id = @id", ("@boot", LayerSync.Replacing), ("@id", old)), cancel);
        trash.Discard(root.SnapshotFiles(old));
        Directory.CreateDirectory(root.Snapshot(old), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.Move(root.SnapshotFiles(fresh), root.SnapshotFiles(old));
        durable.Step("snapshot-replace");
        await database.WriteAsync(t => t.Execute("UPDATE snapshots SET boot = @boot WHERE id = @id", ("@boot", LayerSync.Boot), ("@id", old)), cancel);
        await RemoveAsync(key, cancel);
    }

    public string FilesOf(ChainId chain) => root.SnapshotFiles(database.Read(s => Committed(s, chain)));

    public string ChangesOf(SnapshotKey key) => root.SnapshotFiles(database.Read(s => Active(s, key)).Id);

    public IReadOnlyList<string> StackOf(SnapshotKey key) => database.Read(s =>
    {
        (long id, long parent, _, _) = Active(s, key);
        return (IReadOnlyList<string>)[.. Lower(s, parent).Prepend(id).Select(root.SnapshotFiles)];
    });

    // Intent first: a row for the folder before the folder, so that a crash between the two leaves nothing unknown.
    private (long Id, List<long> Lower) Register(Transaction t, SnapshotKey key, ChainId? parent, SnapshotDurability durability, Lease lease)
    {
        long? below = parent is { } chain ? Committed(t, chain) : null;
        List<long> lower = below is { } id ? Lower(t, id) : [];
        if (lower.Count > MostLayers)
        {
            throw EngineException.Invalid($"the image has {lower.Count} layers: overlayfs stacks {MostLayers} at most");
        }

        bool isNew = t.TryInsert(
            "INSERT INTO snapshots (key, parent, volatile, boot, created) VALUES (@key, @parent, @volatile, @boot, @created)",
            ("@key", key.Value), ("@parent", below), ("@volatile", durability == SnapshotDurability.Volatile), ("@boot", LayerSync.Boot), ("@created", Clock.Now()));
        if (!isNew)
        {
            throw EngineException.Conflict($"a snapshot {key} exists already");
        }

        lease.Keep(t, LeasedKind.Snapshot, key.Value);
        return (t.Number("SELECT last_insert_rowid()"), lower);
    }

    // Answers the number of the key's own folder where the chain exists already, else 0.
    private static long Name(Transaction t, SnapshotKey key, ChainId chain, ChainId? parent, Lease lease)
    {
        long id = Active(t, key).Id;
        lease.Keep(t, LeasedKind.Chain, chain.ToString());
        t.Execute("DELETE FROM lease_refs WHERE kind = 'Snapshot' AND name = @key", ("@key", key.Value));
        if (t.Any("SELECT 1 FROM snapshots WHERE chain_id = @chain", ("@chain", chain.ToString())))
        {
            t.Execute("DELETE FROM snapshots WHERE id = @id", ("@id", id));
            return id;
        }

        t.Execute(
            "UPDATE snapshots SET key = NULL, chain_id = @chain, parent = @parent, boot = @boot WHERE id = @id",
            ("@boot", LayerSync.Boot), ("@chain", chain.ToString()), ("@parent", parent is { } below ? Committed(t, below) : null), ("@id", id));
        return 0;
    }

    private void MakeFolders(long id, List<long> lower)
    {
        Directory.CreateDirectory(root.Snapshot(id), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        durable.Step("snapshot-folder");
        Directory.CreateDirectory(root.SnapshotWork(id), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (lower.Count == 0)
        {
            MakeApart(root.Snapshot(id), root.SnapshotFiles(id));
        }
        else
        {
            Directory.CreateDirectory(root.SnapshotFiles(id));
        }

        // "/" of the mount has the owner and mode of the uppermost folder, so a new one takes over what the image has.
        using FileDescriptor files = FileDescriptor.Open(root.SnapshotFiles(id), Libc.O_RDONLY | Libc.O_DIRECTORY);
        if (lower.Count > 0)
        {
            using FileDescriptor below = FileDescriptor.Open(root.SnapshotFiles(lower[0]), Libc.O_RDONLY | Libc.O_DIRECTORY);
            TreeFolder.CopyOwnerAndMode(below, files);
        }
        else
        {
            TreeFolder.SetMode(files, 0x1ED /* 0755, whatever the umask is */);
        }
    }

    // For a whole layer that is going to be unpacked; a container's few changes stay near the others'. The file system chooses by the name, among
    // places that are equally good, so one that is always the same would often lead back to where a layer was just deleted.
    private static void MakeApart(string snapshot, string files)
    {
        using FileDescriptor above = FileDescriptor.Open(snapshot, Libc.O_RDONLY | Libc.O_DIRECTORY);
        FolderPlacement.SpreadSubfolders(above);
        string unnamed = Path.Join(snapshot, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(unnamed);
        Directory.Move(unnamed, files);
    }

    private FileSystemMount Mount(long id, List<long> lower, SnapshotDurability durability)
    {
        List<MountParameter> parameters = [.. lower.Count > 0 ? lower.Select(LowerFolder) : [new MountParameter("lowerdir+", root.EmptyLayer, IsPath: true)]];
        parameters.Add(new MountParameter("upperdir", root.SnapshotFiles(id), IsPath: true));
        parameters.Add(new MountParameter("workdir", root.SnapshotWork(id), IsPath: true));
        parameters.AddRange(Fixed);
        if (durability == SnapshotDurability.Volatile)
        {
            parameters.Add(new MountParameter("volatile"));
        }

        return new FileSystemMount("overlay", "overlay", parameters);
    }

    // What a kernel's configuration may switch on and Docker's layers do not know: a changed folder must be a plain one, to become a layer.
    private static IEnumerable<MountParameter> Fixed => [new("index", "off"), new("metacopy", "off"), new("redirect_dir", "off")];

    private MountParameter LowerFolder(long id) => new("lowerdir+", root.SnapshotFiles(id), IsPath: true);

    private static (long Id, long Parent, bool IsVolatile, string Boot) Active(Session s, SnapshotKey key)
    {
        (long Id, long Parent, bool IsVolatile, string Boot) row = s.First(
            "SELECT id, coalesce(parent, 0), volatile, boot FROM snapshots WHERE key = @key",
            r => (r.GetInt64(0), r.GetInt64(1), r.GetBoolean(2), r.GetString(3)), ("@key", key.Value));
        return row.Id > 0 ? row : throw EngineException.NotFound($"no snapshot {key}");
    }

    private static long Committed(Session s, ChainId chain)
    {
        long id = s.Number("SELECT id FROM snapshots WHERE chain_id = @chain", ("@chain", chain.ToString()));
        return id > 0 ? id : throw EngineException.NotFound($"no layer {chain}");
    }

    // The committed folders under a snapshot, the uppermost first.
    private static List<long> Lower(Session s, long id) =>
        s.Query(
            "WITH RECURSIVE stack(id, depth) AS (SELECT @id, 0 UNION ALL SELECT parent, depth + 1 FROM snapshots JOIN stack USING (id) WHERE parent IS NOT NULL) "
                + "SELECT id FROM stack WHERE id > 0 ORDER BY depth",
            r => r.GetInt64(0), ("@id", id));
}
