using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;

namespace Berth.Runtime.Commands;

/// <summary>Passes the signals that this process gets on to a container's, until that ends. signalfd(2): no handler, no thread.</summary>
internal sealed unsafe class ForegroundSignals : IDisposable
{
    private static readonly int[] Passed =
        [Libc.SIGHUP, Libc.SIGINT, Libc.SIGQUIT, Libc.SIGUSR1, Libc.SIGUSR2, Libc.SIGALRM, Libc.SIGTERM, Libc.SIGTSTP, Libc.SIGTTIN, Libc.SIGTTOU];

    private readonly FileDescriptor _signals;

    /// <summary>From here on they wait instead of ending this process.</summary>
    public ForegroundSignals()
    {
        ulong* set = stackalloc ulong[16];
        new Span<ulong>(set, 16).Clear();
        foreach (int signal in Passed)
        {
            set[0] |= 1UL << (signal - 1);
        }

        _ = Libc.pthread_sigmask(Libc.SIG_BLOCK, set, null);
        int fd = Libc.signalfd(-1, set, Libc.O_CLOEXEC);
        _signals = fd < 0 ? throw LinuxException.Last("signalfd", "signals to pass on") : new FileDescriptor(fd);
    }

    /// <summary>Waits for the end and answers the exit status.</summary>
    public int Follow(FileDescriptor process)
    {
        const int sizeOfSignal = 128; // struct signalfd_siginfo
        byte* signal = stackalloc byte[sizeOfSignal];
        Libc.pollfd* items = stackalloc Libc.pollfd[2];
        while (true)
        {
            items[0] = new Libc.pollfd { fd = process.Number, events = Libc.POLLIN };
            items[1] = new Libc.pollfd { fd = _signals.Number, events = Libc.POLLIN };
            _ = Libc.poll(items, 2, -1);
            if (items[1].revents != 0 && Libc.read(_signals.Number, signal, sizeOfSignal) == sizeOfSignal)
            {
                Pass(process, *(int*)signal);
            }

            if (PidFd.TryReap(process) is { } status)
            {
                return status;
            }
        }
    }

    public void Dispose() => _signals.Dispose();

    private static void Pass(FileDescriptor process, int signal)
    {
        try
        {
            PidFd.Signal(process, signal);
        }
        catch (LinuxException e) when (e.Errno == Errno.ESRCH)
        {
            // It has just ended; the next look tells.
        }
    }
}
