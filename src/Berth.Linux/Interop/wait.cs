using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

public static unsafe partial class Libc
{
    public const int P_PID = 1;
    public const int P_PIDFD = 3;
    public const int WNOHANG = 1;
    public const int WEXITED = 4;
    public const int CLD_EXITED = 1;
    public const int CLD_KILLED = 2;
    public const int CLD_DUMPED = 3;

    /// <summary>siginfo_t as waitid(2) fills it; 128 bytes on 64-bit systems.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct siginfo_wait
    {
        [FieldOffset(0)]
        public int si_signo;
        [FieldOffset(8)]
        public int si_code;
        [FieldOffset(16)]
        public int si_pid;
        [FieldOffset(24)]
        public int si_status;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int waitid(int idtype, int id, siginfo_wait* infop, int options);
}
