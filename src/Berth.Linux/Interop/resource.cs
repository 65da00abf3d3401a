using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

public static unsafe partial class Libc
{
    public const int RLIMIT_NOFILE = 7;

    /// <summary>sys/resource.h; 64 bits for prlimit64.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct rlimit64
    {
        public ulong rlim_cur;
        public ulong rlim_max;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prlimit64(int pid, int resource, rlimit64* newLimit, rlimit64* oldLimit);
}
