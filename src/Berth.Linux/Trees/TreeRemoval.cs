using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>Removes trees with names of any bytes and of any depth, following nothing.</summary>
public static class TreeRemoval
{
    // A deeper folder is moved up and emptied from there, so that a hostile tree can exhaust neither descriptors nor stack.
    private const int DeepestOpen = 32;

    /// <summary>Removes a path of the host's own; nothing happens where there is nothing.</summary>
    public static void Remove(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        using FileDescriptor parent = FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY);
        Remove(parent, System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path)), path);
    }

    /// <summary>Removes an entry of a folder and all below it.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="name">Which entry.</param>
    /// <param name="shown">What errors call it.</param>
    public static void Remove(FileDescriptor folder, ReadOnlySpan<byte> name, string shown)
    {
        int errno = TreeCalls.Remove(folder, name, isFolder: false);
        if (errno is 0 or Errno.ENOENT)
        {
            return;
        }

        // unlink(2) of a folder: EISDIR on Linux.
        if (errno != Errno.EISDIR)
        {
            throw new LinuxException("unlinkat", shown, errno);
        }

        FileDescriptor? top = TreeCalls.Open(folder, name, Libc.O_RDONLY | Libc.O_DIRECTORY, 0, out errno);
        using (top)
        {
            Empty(top ?? throw new LinuxException("openat", shown, errno), top, 0, shown);
        }

        Check(TreeCalls.Remove(folder, name, isFolder: true), shown);
    }

    private static void Empty(FileDescriptor folder, FileDescriptor top, int depth, string shown)
    {
        bool moved;
        do
        {
            moved = false;
            foreach ((byte[] name, bool mayBeFolder) in TreeEntries.Of(folder, shown))
            {
                int errno = mayBeFolder ? Errno.EISDIR : TreeCalls.Remove(folder, name, isFolder: false);
                if (errno == Errno.EISDIR)
                {
                    errno = RemoveFolder(folder, name, top, depth, ref moved, shown);
                }

                if (errno != Errno.ENOENT)
                {
                    Check(errno, shown);
                }
            }
        }
        while (moved); // what came up from the depth is in the top folder, which is listed once more
    }

    private static int RemoveFolder(FileDescriptor folder, byte[] name, FileDescriptor top, int depth, ref bool moved, string shown)
    {
        // Empty ones need no opening.
        int errno = TreeCalls.Remove(folder, name, isFolder: true);
        if (errno == Errno.ENOTDIR)
        {
            return TreeCalls.Remove(folder, name, isFolder: false);
        }

        if (errno != Errno.ENOTEMPTY)
        {
            return errno;
        }

        if (depth >= DeepestOpen)
        {
            return TreeCalls.Rename(folder, name, top, System.Text.Encoding.ASCII.GetBytes($".berth-{Guid.NewGuid():N}"));
        }

        using (FileDescriptor child = TreeCalls.Open(folder, name, Libc.O_RDONLY | Libc.O_DIRECTORY, 0, out errno) ?? throw new LinuxException("openat", shown, errno))
        {
            Empty(child, top, depth + 1, shown);
        }

        // Whether something was moved into the top folder is seen by listing it again.
        moved |= depth == 0;
        return TreeCalls.Remove(folder, name, isFolder: true);
    }

    private static void Check(int errno, string shown)
    {
        if (errno != 0)
        {
            throw new LinuxException("unlinkat", shown, errno);
        }
    }
}
