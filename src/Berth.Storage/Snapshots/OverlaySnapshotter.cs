using Berth.Linux.Mounts;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;
using Berth.Storage.Leases;

namespace Berth.Storage.Snapshots;

/// <summary>Snapshots as folders stacked by overlayfs.</summary>
public sealed class OverlaySnapshotter(DataRoot root, BerthDatabase database, Durable durable) : ISnapshotter
{
    public ValueTask<FileSystemMount> PrepareAsync(SnapshotKey key, ChainId? parent, SnapshotDurability durability, Lease lease, CancellationToken cancel) =>
        throw new InvalidOperationException($"{root}{database}{durable}");

    public ValueTask<FileSystemMount> MountAsync(SnapshotKey key, CancellationToken cancel) => throw new InvalidOperationException();

    public ValueTask<FileSystemMount> ViewAsync(ChainId chain, CancellationToken cancel) => throw new InvalidOperationException();

    public ValueTask<bool> CommitAsync(SnapshotKey key, ChainId chain, ChainId? parent, Lease lease, CancellationToken cancel) => throw new InvalidOperationException();

    public ValueTask<bool> RemoveAsync(SnapshotKey key, CancellationToken cancel) => throw new InvalidOperationException();

    public string ChangesOf(SnapshotKey key) => throw new InvalidOperationException();
}
