using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>Copies a tree with owners, modes, times, extended attributes, hard links and holes' contents; follows nothing. Sockets are left out.</summary>
public sealed unsafe class TreeCopy : IDisposable
{
    private const uint TypeMask = 0xF000, FolderType = 0x4000, RegularType = 0x8000, SymlinkType = 0xA000, SocketType = 0xC000; // inode(7)
    private const int Piece = 256 * 1024;

    // Each level holds a descriptor.
    private const int Deepest = 500;

    private readonly TreeWriter _writer;
    private readonly Dictionary<ulong, byte[]> _linked = [];
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(Piece);

    private TreeCopy(FileDescriptor target) => _writer = new TreeWriter(DescriptorCopy.AtLeast(target, 3));

    /// <summary>Copies what is in a folder, and the folder's own attributes, into another folder.</summary>
    public static void Copy(FileDescriptor source, FileDescriptor target)
    {
        using var copy = new TreeCopy(target);
        copy.Folder(source, [], 0);
        copy._writer.Finish();
    }

    public void Dispose()
    {
        _writer.Dispose();
        NativeMemory.Free(_buffer);
    }

    private void Folder(FileDescriptor folder, byte[] path, int depth)
    {
        string shown = TreeName.Show(path);
        if (depth > Deepest)
        {
            throw new LinuxException("copy", shown, Errno.ENAMETOOLONG);
        }

        _writer.MakeFolder(path, Attributes(Stat(folder, [], shown), Xattrs(folder, [])));
        foreach ((byte[] name, _) in TreeEntries.Of(folder, shown))
        {
            byte[] below = path.Length == 0 ? name : [.. path, (byte)'/', .. name];
            Entry(folder, name, below, depth);
        }
    }

    private void Entry(FileDescriptor parent, byte[] name, byte[] path, int depth)
    {
        string shown = TreeName.Show(path);
        TreeStat stat = Stat(parent, name, shown);
        switch (stat.Mode & TypeMask)
        {
            case FolderType:
                using (FileDescriptor folder = Open(parent, name, Libc.O_RDONLY | Libc.O_DIRECTORY, shown))
                {
                    Folder(folder, path, depth + 1);
                }

                break;
            case SocketType:
                break;
            case not FolderType when stat.Links > 1 && _linked.TryGetValue(stat.Inode, out byte[]? first):
                _writer.MakeHardLink(path, first);
                break;
            default:
                Leaf(parent, name, path, stat, shown);
                if (stat.Links > 1)
                {
                    _linked[stat.Inode] = path;
                }

                break;
        }
    }

    private void Leaf(FileDescriptor parent, byte[] name, byte[] path, TreeStat stat, string shown)
    {
        TreeAttributes attributes = Attributes(stat, Xattrs(parent, name));
        switch (stat.Mode & TypeMask)
        {
            case RegularType:
                using (FileDescriptor from = Open(parent, name, Libc.O_RDONLY | Libc.O_NONBLOCK, shown))
                using (TreeFile to = _writer.MakeFile(path))
                {
                    Content(from, to, shown);
                    to.Finish(stat.Size, attributes);
                }

                break;
            case SymlinkType:
                _writer.MakeSymlink(path, Target(parent, name, shown), attributes);
                break;
            default:
                _writer.MakeNode(path, stat.Mode & TypeMask, stat.DeviceMajor, stat.DeviceMinor, attributes);
                break;
        }
    }

    private void Content(FileDescriptor from, TreeFile to, string shown)
    {
        long offset = 0;
        nint n;
        while ((n = Libc.pread(from.Number, _buffer, Piece, offset)) != 0)
        {
            if (n < 0)
            {
                throw LinuxException.Last("pread", shown);
            }

            to.Write(new ReadOnlySpan<byte>(_buffer, (int)n), offset);
            offset += n;
        }
    }

    private static TreeStat Stat(FileDescriptor folder, byte[] name, string shown)
    {
        int errno = TreeCalls.Stat(folder, name, out TreeStat stat);
        return errno == 0 ? stat : throw new LinuxException("statx", shown, errno);
    }

    private static FileDescriptor Open(FileDescriptor parent, byte[] name, int flags, string shown) =>
        TreeCalls.Open(parent, name, flags, 0, out int errno) ?? throw new LinuxException("openat", shown, errno);

    private static byte[] Target(FileDescriptor parent, byte[] name, string shown)
    {
        byte* text = stackalloc byte[TreeName.Room];
        byte* target = stackalloc byte[TreeName.Room];
        if (!TreeName.Terminate(name, text))
        {
            throw new LinuxException("readlinkat", shown, Errno.ENAMETOOLONG);
        }

        nint length = Libc.readlinkat(parent.Number, text, target, TreeName.Room);
        return length >= 0 ? new ReadOnlySpan<byte>(target, (int)length).ToArray() : throw LinuxException.Last("readlinkat", shown);
    }

    private static TreeAttributes Attributes(TreeStat stat, IReadOnlyList<TreeXattr> xattrs) =>
        new(stat.Mode & 0xFFF, stat.Uid, stat.Gid, stat.Seconds, stat.Nanoseconds, xattrs);

    // By the /proc link of the folder: symlinks and devices cannot be opened for it. Attributes of overlayfs itself are not the files'.
    private static IReadOnlyList<TreeXattr> Xattrs(FileDescriptor folder, byte[] name)
    {
        byte* path = stackalloc byte[TreeName.Room];
        byte[] list = new byte[4096];
        if (!TreeName.Terminate(TreeCalls.ByProc(folder, name), path))
        {
            return [];
        }

        nint length;
        fixed (byte* names = list)
        {
            length = name.Length == 0 ? Libc.flistxattr(folder.Number, names, list.Length) : Libc.llistxattr(path, names, list.Length);
        }

        var xattrs = new List<TreeXattr>();
        for (ReadOnlySpan<byte> rest = list.AsSpan(0, (int)Math.Max(0, length)); !rest.IsEmpty; rest = rest[(rest.IndexOf((byte)0) + 1)..])
        {
            byte[] key = rest[..rest.IndexOf((byte)0)].ToArray();
            if (!key.AsSpan().StartsWith("trusted.overlay."u8) && Value(folder, name, path, key) is { } value)
            {
                xattrs.Add(new TreeXattr(key, value));
            }
        }

        return xattrs;
    }

    private static byte[]? Value(FileDescriptor folder, byte[] name, byte* path, byte[] key)
    {
        byte[] value = new byte[64 * 1024]; // XATTR_SIZE_MAX
        nint length;
        fixed (byte* text = (byte[])[.. key, 0])
        fixed (byte* into = value)
        {
            length = name.Length == 0 ? Libc.fgetxattr(folder.Number, text, into, value.Length) : Libc.lgetxattr(path, text, into, value.Length);
        }

        return length < 0 ? null : value[..(int)length];
    }
}
