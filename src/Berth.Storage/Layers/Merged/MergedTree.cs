using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;

namespace Berth.Storage.Layers.Merged;

/// <summary>
/// The file tree that a stack of layers makes, put together in memory from their folders as overlayfs does it from the lowest up: a character device
/// 0:0 hides a name, an opaque folder all that lies below it (linux: Documentation/filesystems/overlayfs.rst).
/// </summary>
public sealed class MergedTree
{
    /// <summary>An image of more files is not put together: it would take gigabytes of memory.</summary>
    private const int MostEntries = 5_000_000;

    private readonly List<string> _folders = [];
    private readonly Stack<(byte[] Path, MergedEntry Entry)> _way = new();
    private int _entries;

    internal MergedEntry Root { get; } = new("") { Children = [] };

    /// <summary>The layers' folders, the lowest first.</summary>
    internal IReadOnlyList<string> Folders => _folders;

    /// <summary>Lays a layer over what is there.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="changed">Told of each path that it adds, changes or deletes, not in order; null: nobody.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">Invalid: too many files.</exception>
    /// <exception cref="Linux.LinuxException">A folder could not be read.</exception>
    public void Add(string folder, Action<MergedChange>? changed, CancellationToken cancel)
    {
        int layer = _folders.Count;
        _folders.Add(folder);
        using FileDescriptor root = FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY);
        var opaque = new List<(byte[] Path, MergedEntry Folder)>();
        TreeWalk.Run(
            root,
            item =>
            {
                cancel.ThrowIfCancellationRequested();
                MergedEntry? entry = item.Path.Length == 0 ? Take(Root, item, layer) : Place(item, layer, changed);
                if (entry?.Children is not null)
                {
                    Enter(item, entry, opaque);
                }

                return true;
            });
        _way.Clear();
        foreach ((byte[] path, MergedEntry entry) in opaque)
        {
            foreach (string gone in entry.Hidden?.Keys.ToArray() ?? [])
            {
                changed?.Invoke(new MergedChange(TreeChangeKind.Deleted, Below(path, gone), 0));
            }

            entry.Hidden = null;
        }
    }

    // The walk meets a folder before what is in it, so the way down to an entry is what lies on the stack and is a prefix of its path.
    private MergedEntry ParentOf(byte[] path)
    {
        while (_way.Peek() is var top && !(top.Path.Length == 0 || (path.AsSpan().StartsWith(top.Path) && path[top.Path.Length] == '/' && path.AsSpan(top.Path.Length + 1).IndexOf((byte)'/') < 0)))
        {
            _way.Pop();
        }

        return _way.Peek().Entry;
    }

    private MergedEntry? Place(TreeItem item, int layer, Action<MergedChange>? changed)
    {
        MergedEntry parent = ParentOf(item.Path);
        string name = Encoding.Latin1.GetString(item.Name);
        if (item.Stat.IsWhiteout)
        {
            bool wasHidden = parent.Hidden is { } below && below.Remove(name);
            if (parent.Children!.Remove(name) || wasHidden)
            {
                changed?.Invoke(new MergedChange(TreeChangeKind.Deleted, item.Path, 0));
            }

            return null;
        }

        MergedEntry? before = parent.Children!.GetValueOrDefault(name);
        MergedEntry? hidden = parent.Hidden is { } lower && lower.Remove(name, out MergedEntry? again) ? again : null;
        if (before is null && ++_entries > MostEntries)
        {
            throw EngineException.Invalid($"the image has more than {MostEntries} files");
        }

        Tell(item, before ?? hidden, changed);
        MergedEntry entry = Take(before ?? (parent.Children![name] = new MergedEntry(name)), item, layer);
        if (hidden?.Children is { } inside && entry.Children is not null)
        {
            entry.Hidden = inside; // what an opaque folder hides, it hides at any depth
        }

        return entry;
    }

    private static MergedEntry Take(MergedEntry entry, TreeItem item, int layer)
    {
        (entry.Stat, entry.Layer) = (item.Stat, layer);
        entry.Children = IsFolder(item.Stat) ? entry.Children ?? [] : null;
        return entry;
    }

    private void Enter(TreeItem item, MergedEntry entry, List<(byte[] Path, MergedEntry Folder)> opaque)
    {
        _way.Push((item.Path, entry));
        if (item.ReadXattrs().Any(static x => x.Name.AsSpan().SequenceEqual("trusted.overlay.opaque"u8) && x.Value.AsSpan().SequenceEqual("y"u8)))
        {
            entry.Hidden = entry.Children!.Count > 0 ? entry.Children : entry.Hidden;
            entry.Children = [];
        }

        if (entry.Hidden is { Count: > 0 })
        {
            opaque.Add((item.Path, entry));
        }
    }

    // A folder that is the same but for its time is only there because something in it is.
    private static void Tell(TreeItem item, MergedEntry? before, Action<MergedChange>? changed)
    {
        bool isSame = before is not null && IsFolder(item.Stat) && before.Children is not null
            && (before.Stat.Mode, before.Stat.Uid, before.Stat.Gid) == (item.Stat.Mode, item.Stat.Uid, item.Stat.Gid);
        if (!isSame)
        {
            changed?.Invoke(new MergedChange(before is null ? TreeChangeKind.Added : TreeChangeKind.Changed, item.Path, SizeOf(item.Stat)));
        }
    }

    internal static long SizeOf(TreeStat stat) => (stat.Mode & Libc.S_IFMT) is Libc.S_IFREG or Libc.S_IFLNK ? stat.Size : 0;

    internal static bool IsFolder(TreeStat stat) => (stat.Mode & Libc.S_IFMT) == Libc.S_IFDIR;

    internal static byte[] Below(byte[] path, string name) =>
        path.Length == 0 ? Encoding.Latin1.GetBytes(name) : [.. path, (byte)'/', .. Encoding.Latin1.GetBytes(name)];
}
