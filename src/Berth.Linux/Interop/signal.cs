using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

public static unsafe partial class Libc
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGKILL = 9;
    public const int SIGUSR1 = 10;
    public const int SIGUSR2 = 12;
    public const int SIGPIPE = 13;
    public const int SIGALRM = 14;
    public const int SIGTERM = 15;
    public const int SIGCHLD = 17;
    public const int SIGTSTP = 20;
    public const int SIGTTIN = 21;
    public const int SIGTTOU = 22;

    public const nint SIG_DFL = 0;
    public const nint SIG_IGN = 1;

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint signal(int signum, nint handler);

    /// <summary>For <see cref="pthread_sigmask"/>.</summary>
    public const int SIG_BLOCK = 0;
    public const int SIG_SETMASK = 2;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int sig);

    /// <summary>Sets of 64 signals; glibc's sigset_t is 128 bytes long, of which the kernel uses eight.</summary>
    [LibraryImport("libc")]
    public static partial int pthread_sigmask(int how, ulong* set, ulong* oldset);
}
