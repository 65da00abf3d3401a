using Berth.Linux.Mounts;
using Berth.Storage.Leases;

namespace Berth.Storage.Snapshots;

/// <summary>
/// Changes over a parent. Answers with mounts; never mounts. A key names an active snapshot, a chain ID a committed one.
/// A snapshot lives as long as a row (a container's, an image's layer's, a child's) or a lease names it; the collector takes the rest.
/// </summary>
public interface ISnapshotter
{
    /// <summary>Makes an active snapshot over a committed one (null: over nothing) and answers how its root file system is mounted.</summary>
    /// <param name="key">A new name.</param>
    /// <param name="parent">What lies below.</param>
    /// <param name="durability">Whether unmounting syncs its files.</param>
    /// <param name="lease">Keeps it until the row of its owner names it.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">Conflict: the key is used. NotFound: no such parent. Invalid: over 500 layers.</exception>
    ValueTask<FileSystemMount> PrepareAsync(SnapshotKey key, ChainId? parent, SnapshotDurability durability, Lease lease, CancellationToken cancel);

    /// <summary>How an active snapshot is mounted, from its own rows: for a later start.</summary>
    /// <exception cref="EngineException">NotFound. Unavailable: it was volatile and the machine was restarted since.</exception>
    ValueTask<FileSystemMount> MountAsync(SnapshotKey key, CancellationToken cancel);

    /// <summary>How a committed snapshot is mounted read-only, e.g. to fill a volume.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    ValueTask<FileSystemMount> ViewAsync(ChainId chain, CancellationToken cancel);

    /// <summary>Turns an active snapshot into a committed one; the key is gone afterwards. False: the chain was there already, and the key's files are dropped.</summary>
    /// <param name="key">An active snapshot, not mounted any more.</param>
    /// <param name="chain">Its new name.</param>
    /// <param name="parent">What it lies on (it may have been prepared without, to be unpacked before its parent is).</param>
    /// <param name="lease">Keeps it.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    ValueTask<bool> CommitAsync(SnapshotKey key, ChainId chain, ChainId? parent, Lease lease, CancellationToken cancel);

    /// <summary>Removes an active snapshot: row first, then files. False: there was none.</summary>
    ValueTask<bool> RemoveAsync(SnapshotKey key, CancellationToken cancel);

    /// <summary>As <see cref="RemoveAsync"/>, but the files go first, of a snapshot that only its maker knows: on a full disk its row could not be removed before.</summary>
    ValueTask DropAsync(SnapshotKey key);

    /// <summary>Gives a committed snapshot the files of an active one, which is gone afterwards. For layers that a sudden stop of the machine damaged; nothing may be mounted on it.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    ValueTask ReplaceAsync(ChainId chain, SnapshotKey key, CancellationToken cancel);

    /// <summary>The folder of an active snapshot's own changes, in the form of an overlay's upper layer.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    string ChangesOf(SnapshotKey key);

    /// <summary>The folders that an active snapshot's root is made of, each in the form of an overlay's upper layer: its own changes, then the layers below from the uppermost.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    IReadOnlyList<string> StackOf(SnapshotKey key);

    /// <summary>The folder of a committed snapshot's own files, in the form of an overlay's lower layer.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    string FilesOf(ChainId chain);
}
