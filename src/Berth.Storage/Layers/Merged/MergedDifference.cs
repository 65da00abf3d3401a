using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;

namespace Berth.Storage.Layers.Merged;

/// <summary>
/// What one tree has otherwise than another: types, modes, owners, devices, targets, attributes and bytes. Times are not compared, since two builds of
/// the same files differ in nothing else.
/// </summary>
public sealed class MergedDifference : IDisposable
{
    private readonly MergedTree _from;
    private readonly MergedTree _to;
    private readonly Action<MergedChange> _changed;
    private readonly CancellationToken _cancel;
    private readonly TreePair _pair = new();
    private readonly Dictionary<string, FileDescriptor> _open = [];

    private MergedDifference(MergedTree from, MergedTree to, Action<MergedChange> changed, CancellationToken cancel) =>
        (_from, _to, _changed, _cancel) = (from, to, changed, cancel);

    /// <summary>Tells each difference, in the order of the paths' bytes.</summary>
    /// <exception cref="Linux.LinuxException">A file could not be read.</exception>
    public static void Run(MergedTree from, MergedTree to, Action<MergedChange> changed, CancellationToken cancel)
    {
        using var difference = new MergedDifference(from, to, changed, cancel);
        difference.Folder(from.Root, to.Root, []);
    }

    public void Dispose()
    {
        foreach (FileDescriptor folder in _open.Values)
        {
            folder.Dispose();
        }
    }

    private void Folder(MergedEntry from, MergedEntry to, byte[] path)
    {
        foreach (string name in from.Children!.Keys.Union(to.Children!.Keys).Order(StringComparer.Ordinal))
        {
            _cancel.ThrowIfCancellationRequested();
            byte[] whole = MergedTree.Below(path, name);
            MergedEntry? before = from.Children.GetValueOrDefault(name), after = to.Children.GetValueOrDefault(name);
            if (after is null)
            {
                _changed(new MergedChange(TreeChangeKind.Deleted, whole, 0));
            }
            else if (before is null)
            {
                All(after, whole);
            }
            else
            {
                Both(before, after, whole);
            }
        }
    }

    private void All(MergedEntry entry, byte[] path)
    {
        _changed(new MergedChange(TreeChangeKind.Added, path, MergedTree.SizeOf(entry.Stat)));
        Inside(entry, path);
    }

    private void Inside(MergedEntry entry, byte[] path)
    {
        foreach (MergedEntry child in entry.Ordered())
        {
            All(child, MergedTree.Below(path, child.Name));
        }
    }

    private void Both(MergedEntry before, MergedEntry after, byte[] path)
    {
        if (!AreSame(before, after, path))
        {
            _changed(new MergedChange(TreeChangeKind.Changed, path, MergedTree.SizeOf(after.Stat)));
        }

        if (before.Children is not null && after.Children is not null)
        {
            Folder(before, after, path);
        }
        else
        {
            // A folder that became a file: what was in it is gone with it. A file that became a folder: what is in it is new.
            Inside(after, path);
        }
    }

    private bool AreSame(MergedEntry before, MergedEntry after, byte[] path)
    {
        string left = _from.Folders[before.Layer], right = _to.Folders[after.Layer];
        if (left == right)
        {
            return true; // the same layer's
        }

        TreeStat one = before.Stat, two = after.Stat;
        return (one.Mode, one.Uid, one.Gid, one.DeviceMajor, one.DeviceMinor) == (two.Mode, two.Uid, two.Gid, two.DeviceMajor, two.DeviceMinor)
            && (before.Children is not null || one.Size == two.Size)
            && _pair.AreSame(Open(left), Open(right), path, one.Mode & Libc.S_IFMT);
    }

    private FileDescriptor Open(string folder)
    {
        if (!_open.TryGetValue(folder, out FileDescriptor? opened))
        {
            _open[folder] = opened = FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY);
        }

        return opened;
    }
}
