using Berth.Linux.Files;

namespace Berth.Linux.Trees;

/// <summary>An entry met on a walk. Valid until the walk goes on.</summary>
/// <param name="Path">Bytes, relative to where the walk began; empty for the root.</param>
/// <param name="Stat">Its own, never that of what a symlink points to.</param>
/// <param name="Folder">The open folder that it lies in.</param>
/// <param name="Name">Its name there; empty for the root.</param>
public sealed record TreeItem(byte[] Path, TreeStat Stat, FileDescriptor Folder, byte[] Name)
{
    /// <summary>Where a symlink points.</summary>
    public byte[] ReadLink() => TreeCalls.ReadLink(Folder, Name) ?? throw LinuxException.Last("readlinkat", TreeName.Show(Path));

    /// <summary>Opens a regular file for reading.</summary>
    public FileDescriptor OpenFile() =>
        TreeCalls.Open(Folder, Name, Interop.Libc.O_RDONLY | Interop.Libc.O_NONBLOCK, 0, out int errno) ?? throw new LinuxException("openat", TreeName.Show(Path), errno);

    /// <summary>All extended attributes, in order of their names' bytes.</summary>
    public IReadOnlyList<TreeXattr> ReadXattrs() => TreeXattrs.Of(Folder, Name, TreeName.Show(Path));
}
