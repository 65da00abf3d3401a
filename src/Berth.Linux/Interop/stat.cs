using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

public static unsafe partial class Libc
{
    [LibraryImport("libc", SetLastError = true)]
    public static partial int mkdir(byte* pathname, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int chmod(byte* pathname, uint mode);

    [LibraryImport("libc")]
    public static partial uint umask(uint mask);
}
