using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>Names as the kernel has them: bytes of any encoding, without a zero or (for one component) a slash.</summary>
internal static unsafe class TreeName
{
    /// <summary>Room for the longest path and its zero (linux/limits.h, PATH_MAX).</summary>
    public const int Room = 4096;

    /// <summary>Copies a name into a buffer of <see cref="Room"/> bytes and ends it with a zero; false where it cannot be a name.</summary>
    public static bool Terminate(ReadOnlySpan<byte> name, byte* buffer)
    {
        if (name.Length >= Room || name.Contains((byte)0))
        {
            return false;
        }

        name.CopyTo(new Span<byte>(buffer, Room));
        buffer[name.Length] = 0;
        return true;
    }

    /// <summary>For messages: what is not UTF-8 is shown as a question mark.</summary>
    public static string Show(ReadOnlySpan<byte> name) => System.Text.Encoding.UTF8.GetString(name);

    /// <summary>linux/kdev_t.h, the encoding that mknod takes from user space.</summary>
    public static ulong Device(uint major, uint minor) =>
        ((ulong)(major & 0xFFFFF000) << 32) | ((ulong)(major & 0xFFF) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFF);

    public static bool IsFolder(uint mode) => (mode & Libc.S_IFMT) == Libc.S_IFDIR;
}
