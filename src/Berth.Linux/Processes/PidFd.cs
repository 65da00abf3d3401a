using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Processes;

/// <summary>Processes held by a descriptor, which names one process for ever: its number may be given to another, the descriptor never. pidfd_open(2).</summary>
public static unsafe class PidFd
{
    /// <summary>A descriptor for a running process or a zombie; becomes readable when the process ends.</summary>
    public static FileDescriptor Open(int pid)
    {
        nint fd = Libc.pidfd_open(Libc.SYS_pidfd_open, pid, 0);
        return fd < 0 ? throw LinuxException.Last("pidfd_open", $"process {pid}") : new FileDescriptor((int)fd);
    }

    /// <summary>Sends a signal (0 only asks whether it could be sent). ESRCH: the process has ended.</summary>
    public static void Signal(FileDescriptor process, int signal)
    {
        if (Libc.pidfd_send_signal(Libc.SYS_pidfd_send_signal, process.Number, signal, null, 0) < 0)
        {
            throw LinuxException.Last("pidfd_send_signal", $"signal {signal}");
        }
    }

    /// <summary>Takes the status of a child that has ended: its exit status, or 128 + the number of the signal that killed it. Null while it runs.</summary>
    public static int? TryReap(FileDescriptor child)
    {
        Libc.siginfo_wait info = default;
        int result;
        do
        {
            result = Libc.waitid(Libc.P_PIDFD, child.Number, &info, Libc.WEXITED | Libc.WNOHANG);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

        if (result < 0)
        {
            throw LinuxException.Last("waitid", "a child process");
        }

        return info.si_pid == 0 ? null : info.si_code == Libc.CLD_EXITED ? info.si_status : 128 + info.si_status;
    }
}
