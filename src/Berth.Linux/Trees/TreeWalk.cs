using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>Meets every entry of a tree, a folder before what is in it, the names of a folder in the order of their bytes. Follows nothing.</summary>
public static class TreeWalk
{
    /// <summary>Every open folder of the way down takes a descriptor, so the depth is bounded.</summary>
    private const int Deepest = 512;

    /// <param name="root">Where it begins; opened for reading.</param>
    /// <param name="visit">False: what is in this folder is left out.</param>
    /// <exception cref="LinuxException">A call failed; ELOOP: nested too deep.</exception>
    public static void Run(FileDescriptor root, Func<TreeItem, bool> visit)
    {
        Check(TreeCalls.Stat(root, [], out TreeStat stat), "statx", []);
        if (visit(new TreeItem([], stat, root, [])))
        {
            Walk(root, [], visit, 0);
        }
    }

    private static void Walk(FileDescriptor folder, byte[] path, Func<TreeItem, bool> visit, int depth)
    {
        if (depth > Deepest)
        {
            throw new LinuxException("openat", TreeName.Show(path), Errno.ELOOP);
        }

        List<(byte[] Name, bool MayBeFolder)> entries = TreeEntries.Of(folder, TreeName.Show(path));
        entries.Sort((a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        foreach ((byte[] name, _) in entries)
        {
            byte[] whole = path.Length == 0 ? name : [.. path, (byte)'/', .. name];
            Check(TreeCalls.Stat(folder, name, out TreeStat stat), "statx", whole);
            if (visit(new TreeItem(whole, stat, folder, name)) && TreeName.IsFolder(stat.Mode))
            {
                using FileDescriptor child = TreeCalls.Open(folder, name, Libc.O_RDONLY | Libc.O_DIRECTORY, 0, out int errno)
                    ?? throw new LinuxException("openat", TreeName.Show(whole), errno);
                Walk(child, whole, visit, depth + 1);
            }
        }
    }

    private static void Check(int errno, string call, byte[] path)
    {
        if (errno != 0)
        {
            throw new LinuxException(call, TreeName.Show(path), errno);
        }
    }
}
