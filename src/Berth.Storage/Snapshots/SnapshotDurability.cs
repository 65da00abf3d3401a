namespace Berth.Storage.Snapshots;

/// <summary>What becomes of a snapshot's files when the machine stops suddenly.</summary>
public enum SnapshotDurability
{
    /// <summary>As any file system: unmounting syncs.</summary>
    Durable,

    /// <summary>Never synced by the mount, so unmounting is quick; unusable after a restart of the machine. For --rm containers and build steps.</summary>
    Volatile,
}
