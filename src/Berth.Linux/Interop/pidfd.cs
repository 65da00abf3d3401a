using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>Processes by descriptor: pidfd_open(2), pidfd_send_signal(2). Numbers are the same on x86-64 and arm64.</summary>
public static unsafe partial class Libc
{
    public const int SYS_pidfd_send_signal = 424;
    public const int SYS_pidfd_open = 434;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint pidfd_send_signal(nint number, nint pidfd, nint signal, void* info, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint pidfd_open(nint number, nint pid, nint flags);
}
