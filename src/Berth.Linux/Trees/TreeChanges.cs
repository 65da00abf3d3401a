using Berth.Linux.Files;

namespace Berth.Linux.Trees;

/// <summary>
/// What an upper folder of overlayfs makes otherwise in the folders below it, as Docker tells it: with each change all folders above it, of a folder
/// that is gone only itself; a folder's times are no change. Looks below only at names that the upper folder has or hides, and mounts nothing.
/// </summary>
public sealed class TreeChanges
{
    /// <summary>Every open folder of the way down takes a descriptor a layer.</summary>
    private const int Deepest = 512;

    private readonly Action<byte[], TreeChangeKind> _changed;
    private readonly CancellationToken _cancel;

    // The way down to where the walk is: folders not told yet.
    private readonly List<byte[]> _above = [];
    private int _told;

    private TreeChanges(Action<byte[], TreeChangeKind> changed, CancellationToken cancel) => (_changed, _cancel) = (changed, cancel);

    /// <param name="upper">Opened for reading.</param>
    /// <param name="lower">The uppermost first, opened for reading.</param>
    /// <param name="changed">Told of each path, relative and in bytes; a folder before what is in it, names in the order of their bytes.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="LinuxException">A call failed; ELOOP: nested too deep.</exception>
    public static void Read(FileDescriptor upper, IReadOnlyList<FileDescriptor> lower, Action<byte[], TreeChangeKind> changed, CancellationToken cancel) =>
        new TreeChanges(changed, cancel).Folder(upper, lower, [], TreeXattrs.IsOpaque(upper));

    /// <param name="upper">The upper layer's folder.</param>
    /// <param name="lower">The folders that it lies over.</param>
    /// <param name="path">Its path.</param>
    /// <param name="hides">Nothing of those is seen but what it has itself.</param>
    private void Folder(FileDescriptor upper, IReadOnlyList<FileDescriptor> lower, byte[] path, bool hides)
    {
        if (_above.Count > Deepest)
        {
            throw new LinuxException("openat", TreeName.Show(path), Errno.ELOOP);
        }

        IEnumerable<FileDescriptor> looked = hides ? lower.Prepend(upper) : [upper];
        foreach (byte[] name in TreeLookup.Names(looked, path))
        {
            _cancel.ThrowIfCancellationRequested();
            byte[] whole = path.Length == 0 ? name : [.. path, (byte)'/', .. name];
            (TreeStat? below, int layer) = Below(lower, name, whole);
            if (!TreeLookup.Stat(upper, name, whole, out TreeStat stat) || stat.IsWhiteout)
            {
                if (below is not null)
                {
                    Tell(whole, TreeChangeKind.Deleted);
                }
            }
            else
            {
                bool changed = !AreSame(stat, below);
                if (changed)
                {
                    Tell(whole, below is null ? TreeChangeKind.Added : TreeChangeKind.Changed);
                }

                if (TreeName.IsFolder(stat.Mode))
                {
                    Inside(upper, layer < 0 ? [] : lower.Skip(layer), name, whole, hides, changed);
                }
            }
        }
    }

    private void Inside(FileDescriptor upper, IEnumerable<FileDescriptor> lower, byte[] name, byte[] path, bool hides, bool told)
    {
        using FileDescriptor? folder = TreeLookup.Open(upper, name, path);
        if (folder is null)
        {
            return;
        }

        _above.Add(path);
        _told += told ? 1 : 0;
        var folders = new List<FileDescriptor>();
        try
        {
            TreeLookup.OpenAll(lower, name, path, folders);
            Folder(folder, folders, path, hides || TreeXattrs.IsOpaque(folder));
        }
        finally
        {
            folders.ForEach(static f => f.Dispose());
            _above.RemoveAt(_above.Count - 1);
            _told = Math.Min(_told, _above.Count);
        }
    }

    private void Tell(byte[] path, TreeChangeKind kind)
    {
        for (; _told < _above.Count; _told++)
        {
            _changed(_above[_told], TreeChangeKind.Changed);
        }

        _changed(path, kind);
    }

    private static bool AreSame(TreeStat stat, TreeStat? below) =>
        below is { } before
        && (stat.Mode, stat.Uid, stat.Gid, stat.DeviceMajor, stat.DeviceMinor) == (before.Mode, before.Uid, before.Gid, before.DeviceMajor, before.DeviceMinor)
        && (TreeName.IsFolder(stat.Mode) || (stat.Size, stat.Seconds, stat.Nanoseconds) == (before.Size, before.Seconds, before.Nanoseconds));

    // What is seen of a name without the upper folder, and the first layer that has it; -1: none.
    private static (TreeStat? Stat, int Layer) Below(IReadOnlyList<FileDescriptor> lower, byte[] name, byte[] path)
    {
        for (int i = 0; i < lower.Count; i++)
        {
            if (TreeLookup.Stat(lower[i], name, path, out TreeStat stat))
            {
                return stat.IsWhiteout ? (null, -1) : (stat, i);
            }
        }

        return (null, -1);
    }
}
