using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>Looks for single names in the folders of overlayfs's layers.</summary>
internal static class TreeLookup
{
    /// <summary>False: it is not there, or not any more.</summary>
    public static bool Stat(FileDescriptor folder, byte[] name, byte[] path, out TreeStat stat)
    {
        int errno = TreeCalls.Stat(folder, name, out stat);
        return errno == 0 || (IsGone(errno) ? false : throw new LinuxException("statx", TreeName.Show(path), errno));
    }

    /// <summary>Opens a folder; null: it vanished.</summary>
    public static FileDescriptor? Open(FileDescriptor above, byte[] name, byte[] path)
    {
        FileDescriptor? folder = TreeCalls.Open(above, name, Libc.O_RDONLY | Libc.O_DIRECTORY, 0, out int errno);
        return folder is not null || IsGone(errno) ? folder : throw new LinuxException("openat", TreeName.Show(path), errno);
    }

    /// <summary>The names in folders, each once, in the order of their bytes.</summary>
    public static IEnumerable<byte[]> Names(IEnumerable<FileDescriptor> folders, byte[] path)
    {
        var names = new List<byte[]>();
        foreach (FileDescriptor folder in folders)
        {
            try
            {
                names.AddRange(TreeEntries.Of(folder, TreeName.Show(path)).Select(static e => e.Name));
            }
            catch (LinuxException e) when (e.Errno == Errno.ENOENT)
            {
                // Removed since it was opened: there is nothing in it.
            }
        }

        names.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return names.Where((name, i) => i == 0 || !name.AsSpan().SequenceEqual(names[i - 1]));
    }

    /// <summary>
    /// Opens the folder of a name in every layer that it is merged from. True: it hides what is below these. Null: it vanished.
    /// </summary>
    /// <param name="having">The uppermost first; those behind the first need not have it.</param>
    /// <param name="name">The name.</param>
    /// <param name="path">For errors.</param>
    /// <param name="folders">Takes them; the caller disposes of them, also after an error.</param>
    public static bool? OpenAll(IEnumerable<FileDescriptor> having, byte[] name, byte[] path, List<FileDescriptor> folders)
    {
        foreach (FileDescriptor layer in having)
        {
            if (folders.Count > 0)
            {
                if (!Stat(layer, name, path, out TreeStat stat))
                {
                    continue;
                }

                if (!TreeName.IsFolder(stat.Mode))
                {
                    return true; // a whiteout or another kind of file: nothing under it is seen
                }
            }

            if (Open(layer, name, path) is not { } folder)
            {
                return null;
            }

            folders.Add(folder);
            if (TreeXattrs.IsOpaque(folder))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removed, or another kind of file since it was listed.</summary>
    public static bool IsGone(int errno) => errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP;
}
