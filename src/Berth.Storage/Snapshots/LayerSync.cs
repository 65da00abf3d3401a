using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Storage.Database;

namespace Berth.Storage.Snapshots;

/// <summary>
/// Layers' files are not synced when they are unpacked: a load would wait for the disk twice, as their blobs are. Instead each layer's row
/// says during which boot it was made; this syncs them afterwards and clears that mark. One that still bears the mark of another boot may
/// have lost data with the power, and is unpacked again from its blob.
/// </summary>
public sealed class LayerSync(DataRoot root, BerthDatabase database)
{
    private const string Synced = "";

    /// <summary>Stands in place of a boot while a layer's files are being exchanged.</summary>
    internal const string Replacing = "replacing";

    /// <summary>The kernel's name for this boot. proc_sys_kernel(5), random/boot_id.</summary>
    public static string Boot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Syncs every layer that is committed by now. Takes as long as the disk needs.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        List<string> chains = database.Read(s => s.Query(
            "SELECT chain_id FROM snapshots WHERE chain_id IS NOT NULL AND boot = @boot", r => r.GetString(0), ("@boot", Boot)));
        if (chains.Count == 0)
        {
            return;
        }

        await Task.Factory.StartNew(Sync, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await database.WriteAsync(
            t => chains.ForEach(c => t.Execute("UPDATE snapshots SET boot = @synced WHERE chain_id = @chain", ("@synced", Synced), ("@chain", c))), cancel);
    }

    /// <summary>Layers that a sudden stop of the machine may have damaged.</summary>
    public IReadOnlyList<ChainId> Doubtful() => database.Read(s => s.Query(
        "SELECT chain_id FROM snapshots WHERE chain_id IS NOT NULL AND boot NOT IN (@synced, @boot)", r => ChainId.Parse(r.GetString(0)),
        ("@synced", Synced), ("@boot", Boot)));

    private void Sync()
    {
        using FileDescriptor folder = FileDescriptor.Open(root.Snapshots, Libc.O_RDONLY | Libc.O_DIRECTORY);
        FileSync.SyncFileSystem(folder, root.Snapshots);
    }
}
