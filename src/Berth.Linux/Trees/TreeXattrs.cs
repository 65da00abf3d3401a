using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>Reads extended attributes. llistxattr(2), lgetxattr(2).</summary>
internal static unsafe class TreeXattrs
{
    // linux/limits.h: XATTR_LIST_MAX and XATTR_SIZE_MAX are both 64 KiB.
    private const int Longest = 65536;

    /// <summary>Whether a folder of an upper layer hides what is below it. overlayfs.rst, "opaque directories".</summary>
    public static bool IsOpaque(FileDescriptor folder)
    {
        ReadOnlySpan<byte> key = "trusted.overlay.opaque\0"u8;
        byte value;
        fixed (byte* name = key)
        {
            return Libc.fgetxattr(folder.Number, name, &value, 1) == 1 && value == (byte)'y';
        }
    }

    public static IReadOnlyList<TreeXattr> Of(FileDescriptor folder, ReadOnlySpan<byte> name, string shown)
    {
        byte* path = stackalloc byte[TreeName.Room];
        if (!TreeName.Terminate(TreeCalls.ByProc(folder, name.IsEmpty ? "."u8 : name), path))
        {
            throw new LinuxException("llistxattr", shown, Errno.ENAMETOOLONG);
        }

        nint length = Libc.llistxattr(path, null, 0);
        if (length <= 0)
        {
            return length == 0 || Marshal.GetLastPInvokeError() == Errno.EOPNOTSUPP ? [] : throw LinuxException.Last("llistxattr", shown);
        }

        byte[] list = new byte[Longest];
        byte[] value = new byte[Longest];
        fixed (byte* names = list)
        {
            length = Libc.llistxattr(path, names, Longest);
            if (length < 0)
            {
                throw LinuxException.Last("llistxattr", shown);
            }

            var xattrs = new List<TreeXattr>();
            for (int at = 0; at < length;)
            {
                ReadOnlySpan<byte> key = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(names + at);
                xattrs.Add(new TreeXattr(key.ToArray(), Read(path, names + at, value, shown)));
                at += key.Length + 1;
            }

            xattrs.Sort((a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
            return xattrs;
        }
    }

    private static byte[] Read(byte* path, byte* name, byte[] room, string shown)
    {
        fixed (byte* value = room)
        {
            nint n = Libc.lgetxattr(path, name, value, room.Length);
            return n < 0 ? throw LinuxException.Last("lgetxattr", shown) : room[..(int)n];
        }
    }
}
