using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

public static unsafe partial class Libc
{
    [LibraryImport("libc", SetLastError = true)]
    public static partial int syncfs(int fd);
}
