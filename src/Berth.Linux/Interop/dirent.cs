using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

public static unsafe partial class Libc
{
    public const byte DT_UNKNOWN = 0;
    public const byte DT_DIR = 4;

    /// <summary>getdents64(2): records of inode (8), offset (8), length (2), type (1), zero-terminated name.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint getdents64(int fd, byte* buffer, nint count);
}
