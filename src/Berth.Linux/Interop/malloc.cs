using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

public static unsafe partial class Libc
{
    [LibraryImport("libc")]
    public static partial int malloc_trim(nuint pad);
}
