using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>An entry met on a walk. Valid until the walk goes on.</summary>
/// <param name="Path">Bytes, relative to where the walk began; empty for the root.</param>
/// <param name="Stat">Its own, never that of what a symlink points to.</param>
/// <param name="Folder">The open folder that it lies in.</param>
/// <param name="Name">Its name there; empty for the root.</param>
public sealed record TreeItem(byte[] Path, TreeStat Stat, FileDescriptor Folder, byte[] Name)
{
    /// <summary>It hides what lower layers have of its name, and is nothing itself. Only <see cref="TreeReader"/> tells.</summary>
    public bool IsWhiteout { get; init; }

    /// <summary>A folder that hides what lower layers have in it.</summary>
    public bool IsOpaque { get; init; }

    /// <summary>Where a symlink points.</summary>
    public byte[] ReadLink() => TreeCalls.ReadLink(Folder, Name) ?? throw LinuxException.Last("readlinkat", TreeName.Show(Path));

    /// <summary>Opens a regular file for reading. Looked at before it is opened, since opening a device that has taken its place could do something.</summary>
    /// <exception cref="LinuxException">ENODEV: it is no regular file any more.</exception>
    public FileDescriptor OpenFile()
    {
        using FileDescriptor found = TreeCalls.Open(Folder, Name, Libc.O_PATH, 0, out int errno) ?? throw new LinuxException("openat", TreeName.Show(Path), errno);
        return (TreeFolder.Stat(found).Mode & Libc.S_IFMT) == Libc.S_IFREG
            ? FileDescriptor.Open($"/proc/self/fd/{found.Number}", Libc.O_RDONLY)
            : throw new LinuxException("openat", TreeName.Show(Path), Errno.ENODEV);
    }

    /// <summary>All extended attributes, in order of their names' bytes.</summary>
    public IReadOnlyList<TreeXattr> ReadXattrs() => TreeXattrs.Of(Folder, Name, TreeName.Show(Path));
}
