using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>Whether two trees are the same: names, types, owners, modes, times, links, attributes and every byte. Follows nothing.</summary>
public sealed class TreeComparison
{
    private const int Piece = 1 << 16;
    private const int Deepest = 512;

    private readonly byte[] _left = new byte[Piece];
    private readonly byte[] _right = new byte[Piece];
    private readonly CancellationToken _cancel;

    private TreeComparison(CancellationToken cancel) => _cancel = cancel;

    /// <summary>The first difference, as "PATH: what differs"; null: there is none. A folder's time is not compared: where no archive gives one it is the time of unpacking.</summary>
    /// <exception cref="LinuxException">A call failed; ELOOP: nested too deep.</exception>
    public static string? FirstDifference(FileDescriptor left, FileDescriptor right, CancellationToken cancel)
    {
        Check(TreeCalls.Stat(left, [], out TreeStat one), "statx", []);
        Check(TreeCalls.Stat(right, [], out TreeStat two), "statx", []);
        var comparison = new TreeComparison(cancel);
        return Entry(left, right, [], [], one, two) ?? comparison.Folder(left, right, [], 0);
    }

    private string? Folder(FileDescriptor left, FileDescriptor right, byte[] path, int depth)
    {
        if (depth > Deepest)
        {
            throw new LinuxException("openat", TreeName.Show(path), Errno.ELOOP);
        }

        List<byte[]> ones = Names(left, path);
        List<byte[]> twos = Names(right, path);
        for (int i = 0; i < Math.Max(ones.Count, twos.Count); i++)
        {
            _cancel.ThrowIfCancellationRequested();
            int order = i == ones.Count ? 1 : i == twos.Count ? -1 : ones[i].AsSpan().SequenceCompareTo(twos[i]);
            if (order != 0)
            {
                return $"{TreeName.Show(Below(path, order < 0 ? ones[i] : twos[i]))}: {(order < 0 ? "is there, and should not be" : "is missing")}";
            }

            if (Child(left, right, Below(path, ones[i]), ones[i], depth) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private string? Child(FileDescriptor left, FileDescriptor right, byte[] path, byte[] name, int depth)
    {
        Check(TreeCalls.Stat(left, name, out TreeStat one), "statx", path);
        Check(TreeCalls.Stat(right, name, out TreeStat two), "statx", path);
        if (Entry(left, right, path, name, one, two) is { } difference)
        {
            return difference;
        }

        switch (one.Mode & Libc.S_IFMT)
        {
            case Libc.S_IFDIR:
                using (FileDescriptor inner = Open(left, name, path, Libc.O_RDONLY | Libc.O_DIRECTORY))
                using (FileDescriptor other = Open(right, name, path, Libc.O_RDONLY | Libc.O_DIRECTORY))
                {
                    return Folder(inner, other, path, depth + 1);
                }

            case Libc.S_IFREG:
                using (FileDescriptor inner = Open(left, name, path, Libc.O_RDONLY))
                using (FileDescriptor other = Open(right, name, path, Libc.O_RDONLY))
                {
                    return SameBytes(inner, other, path) ? null : $"{TreeName.Show(path)}: has other bytes";
                }

            default:
                return null;
        }
    }

    private static string? Entry(FileDescriptor left, FileDescriptor right, byte[] path, byte[] name, TreeStat one, TreeStat two)
    {
        bool isFolder = TreeName.IsFolder(one.Mode);
        string? what =
            (one.Mode & Libc.S_IFMT) != (two.Mode & Libc.S_IFMT) ? "is of another type"
            : one.Mode != two.Mode ? $"has the mode {Octal(one.Mode)}, not {Octal(two.Mode)}"
            : (one.Uid, one.Gid) != (two.Uid, two.Gid) ? $"belongs to {one.Uid}:{one.Gid}, not {two.Uid}:{two.Gid}"
            : (one.DeviceMajor, one.DeviceMinor) != (two.DeviceMajor, two.DeviceMinor) ? "is another device"
            : !isFolder && one.Size != two.Size ? $"has {one.Size} bytes, not {two.Size}"
            : !isFolder && one.Links != two.Links ? $"has {one.Links} links, not {two.Links}"
            : !isFolder && (one.Seconds, one.Nanoseconds) != (two.Seconds, two.Nanoseconds) ? "has another time"
            : (one.Mode & Libc.S_IFMT) == Libc.S_IFLNK && !SameLink(left, right, name) ? "points to another place"
            : !SameXattrs(TreeXattrs.Of(left, name, TreeName.Show(path)), TreeXattrs.Of(right, name, TreeName.Show(path))) ? "has other extended attributes"
            : null;
        return what is null ? null : $"{(path.Length == 0 ? "/" : TreeName.Show(path))}: {what}";
    }

    private bool SameBytes(FileDescriptor left, FileDescriptor right, byte[] path)
    {
        for (long at = 0; ;)
        {
            _cancel.ThrowIfCancellationRequested();
            int one = FileRead.Full(left, _left, at, TreeName.Show(path));
            int two = FileRead.Full(right, _right, at, TreeName.Show(path));
            if (!_left.AsSpan(0, one).SequenceEqual(_right.AsSpan(0, two)))
            {
                return false;
            }

            if (one < Piece)
            {
                return true;
            }

            at += one;
        }
    }

    private static bool SameLink(FileDescriptor left, FileDescriptor right, byte[] name) =>
        TreeCalls.ReadLink(left, name).AsSpan().SequenceEqual(TreeCalls.ReadLink(right, name));

    private static bool SameXattrs(IReadOnlyList<TreeXattr> left, IReadOnlyList<TreeXattr> right) =>
        left.Count == right.Count && left.Zip(right).All(static p => p.First.Name.AsSpan().SequenceEqual(p.Second.Name) && p.First.Value.AsSpan().SequenceEqual(p.Second.Value));

    private static List<byte[]> Names(FileDescriptor folder, byte[] path)
    {
        List<byte[]> names = [.. TreeEntries.Of(folder, TreeName.Show(path)).Select(static e => e.Name)];
        names.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return names;
    }

    private static FileDescriptor Open(FileDescriptor folder, byte[] name, byte[] path, int flags) =>
        TreeCalls.Open(folder, name, flags | Libc.O_NONBLOCK, 0, out int errno) ?? throw new LinuxException("openat", TreeName.Show(path), errno);

    private static byte[] Below(byte[] path, byte[] name) => path.Length == 0 ? name : [.. path, (byte)'/', .. name];

    private static string Octal(uint mode) => Convert.ToString(mode & 0xFFF, 8);

    private static void Check(int errno, string call, byte[] path)
    {
        if (errno != 0)
        {
            throw new LinuxException(call, TreeName.Show(path), errno);
        }
    }
}
