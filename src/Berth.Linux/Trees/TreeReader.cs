using Berth.Linux.Files;

namespace Berth.Linux.Trees;

/// <summary>
/// Reads upper folders of overlayfs as the one tree that overlayfs makes of them, without mounting: linux, Documentation/filesystems/overlayfs.rst,
/// "whiteouts and opaque directories". A folder comes before what is in it, names in the order of their bytes. Follows nothing, and what
/// vanishes under it while a container runs is left out.
/// </summary>
public sealed class TreeReader
{
    /// <summary>Every open folder of the way down takes a descriptor a layer.</summary>
    private const int Deepest = 512;

    private readonly bool _changes;
    private readonly Action<TreeItem> _visit;

    private TreeReader(bool changes, Action<TreeItem> visit) => (_changes, _visit) = (changes, visit);

    /// <summary>The whole tree: what whiteouts hide is gone, and so are they.</summary>
    /// <param name="layers">The uppermost first, opened for reading.</param>
    /// <param name="visit">Meets the root, then every entry.</param>
    /// <exception cref="LinuxException">A call failed; ELOOP: nested too deep.</exception>
    public static void ReadWhole(IReadOnlyList<FileDescriptor> layers, Action<TreeItem> visit) => new TreeReader(changes: false, visit).Root(layers);

    /// <summary>The layers as one layer over something else: whiteouts and opaque folders are told.</summary>
    /// <param name="layers">The uppermost first, opened for reading.</param>
    /// <param name="visit">Meets the root, then every entry.</param>
    /// <exception cref="LinuxException">A call failed; ELOOP: nested too deep.</exception>
    public static void ReadChanges(IReadOnlyList<FileDescriptor> layers, Action<TreeItem> visit) => new TreeReader(changes: true, visit).Root(layers);

    private void Root(IReadOnlyList<FileDescriptor> layers)
    {
        int errno = TreeCalls.Stat(layers[0], [], out TreeStat stat);
        if (errno != 0)
        {
            throw new LinuxException("statx", "/", errno);
        }

        int opaque = layers.TakeWhile(static l => !TreeXattrs.IsOpaque(l)).Count();
        IReadOnlyList<FileDescriptor> seen = opaque < layers.Count ? [.. layers.Take(opaque + 1)] : layers;
        _visit(new TreeItem([], stat, layers[0], []) { IsOpaque = _changes && opaque < layers.Count });
        Folder(seen, [], 0);
    }

    private void Folder(IReadOnlyList<FileDescriptor> layers, byte[] path, int depth)
    {
        if (depth > Deepest)
        {
            throw new LinuxException("openat", TreeName.Show(path), Errno.ELOOP);
        }

        List<(byte[] Name, int Layer)> names = Names(layers, path);
        for (int i = 0, end; i < names.Count; i = end)
        {
            for (end = i + 1; end < names.Count && names[end].Name.AsSpan().SequenceEqual(names[i].Name); end++)
            {
                // The same name in lower layers.
            }

            byte[] whole = path.Length == 0 ? names[i].Name : [.. path, (byte)'/', .. names[i].Name];
            Entry([.. names[i..end].Select(n => layers[n.Layer])], names[i].Name, whole, depth);
        }
    }

    // By name, then from the uppermost layer down.
    private static List<(byte[] Name, int Layer)> Names(IReadOnlyList<FileDescriptor> layers, byte[] path)
    {
        var names = new List<(byte[] Name, int Layer)>();
        for (int layer = 0; layer < layers.Count; layer++)
        {
            try
            {
                names.AddRange(TreeEntries.Of(layers[layer], TreeName.Show(path)).Select(e => (e.Name, layer)));
            }
            catch (LinuxException e) when (e.Errno == Errno.ENOENT)
            {
                // Removed since it was opened: there is nothing in it.
            }
        }

        names.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name) is not 0 and int order ? order : a.Layer.CompareTo(b.Layer));
        return names;
    }

    private void Entry(List<FileDescriptor> having, byte[] name, byte[] path, int depth)
    {
        if (!TreeLookup.Stat(having[0], name, path, out TreeStat stat))
        {
            return;
        }

        if (stat.IsWhiteout)
        {
            if (_changes)
            {
                _visit(new TreeItem(path, stat, having[0], name) { IsWhiteout = true });
            }

            return;
        }

        if (!TreeName.IsFolder(stat.Mode))
        {
            _visit(new TreeItem(path, stat, having[0], name));
            return;
        }

        var folders = new List<FileDescriptor>();
        try
        {
            if (TreeLookup.OpenAll(having, name, path, folders) is { } opaque)
            {
                _visit(new TreeItem(path, stat, having[0], name) { IsOpaque = _changes && opaque });
                Folder(folders, path, depth + 1);
            }
        }
        finally
        {
            folders.ForEach(static f => f.Dispose());
        }
    }
}
