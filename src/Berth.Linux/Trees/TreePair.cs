using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>Compares what lies under one path below two roots. The paths come from images: openat2(2) sees to it that neither leaves its root, by ".." or by a symlink.</summary>
public sealed class TreePair
{
    private const int Piece = 1 << 16;
    private const ulong Inside = Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_SYMLINKS | Libc.RESOLVE_NO_MAGICLINKS;

    private readonly byte[] _left = new byte[Piece];
    private readonly byte[] _right = new byte[Piece];

    /// <summary>Whether two entries of the same type have the same bytes or target, and the same attributes but for overlayfs's own.</summary>
    /// <param name="left">An open folder.</param>
    /// <param name="right">Another.</param>
    /// <param name="path">Below both.</param>
    /// <param name="type">Of both: S_IFREG and so on.</param>
    /// <exception cref="LinuxException">A call failed.</exception>
    public bool AreSame(FileDescriptor left, FileDescriptor right, byte[] path, uint type)
    {
        int slash = path.AsSpan().LastIndexOf((byte)'/');
        byte[] name = path[(slash + 1)..];
        using FileDescriptor one = Folder(left, slash < 0 ? [] : path[..slash]);
        using FileDescriptor two = Folder(right, slash < 0 ? [] : path[..slash]);
        string shown = TreeName.Show(path);
        return type switch
        {
            Libc.S_IFLNK => TreeCalls.ReadLink(one, name).AsSpan().SequenceEqual(TreeCalls.ReadLink(two, name)),
            Libc.S_IFREG => SameBytes(one, two, name, shown),
            _ => true,
        } && SameXattrs(TreeXattrs.Of(one, name, shown), TreeXattrs.Of(two, name, shown));
    }

    private static FileDescriptor Folder(FileDescriptor root, byte[] path) =>
        TreeCalls.OpenBelow(root, path.Length == 0 ? "."u8 : path, Libc.O_RDONLY | Libc.O_DIRECTORY, Inside, out int errno)
        ?? throw new LinuxException("openat2", TreeName.Show(path), errno);

    private bool SameBytes(FileDescriptor left, FileDescriptor right, byte[] name, string shown)
    {
        using FileDescriptor one = File(left, name, shown);
        using FileDescriptor two = File(right, name, shown);
        for (long at = 0; ;)
        {
            int count = FileRead.Full(one, _left, at, shown);
            if (!_left.AsSpan(0, count).SequenceEqual(_right.AsSpan(0, FileRead.Full(two, _right, at, shown))))
            {
                return false;
            }

            if (count < Piece)
            {
                return true;
            }

            at += count;
        }
    }

    private static FileDescriptor File(FileDescriptor folder, byte[] name, string shown) =>
        TreeCalls.Open(folder, name, Libc.O_RDONLY | Libc.O_NONBLOCK, 0, out int errno) ?? throw new LinuxException("openat", shown, errno);

    private static bool SameXattrs(IReadOnlyList<TreeXattr> left, IReadOnlyList<TreeXattr> right)
    {
        TreeXattr[] ones = [.. left.Where(IsOfFile)], twos = [.. right.Where(IsOfFile)];
        return ones.Length == twos.Length
            && ones.Zip(twos).All(static p => p.First.Name.AsSpan().SequenceEqual(p.Second.Name) && p.First.Value.AsSpan().SequenceEqual(p.Second.Value));
    }

    private static bool IsOfFile(TreeXattr xattr) => !xattr.Name.AsSpan().StartsWith("trusted.overlay."u8);
}
