using System.Collections.Concurrent;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Polling;

/// <summary>
/// Tells when the peer of a Unix socket is gone, also while nobody reads or writes. A peer that only ended its own output (half-close)
/// is EPOLLRDHUP and not reported; one that closed, or died, is EPOLLHUP (unix_poll in the kernel's net/unix/af_unix.c).
/// One thread waits for all; it starts with the first watch.
/// </summary>
public sealed unsafe class HangupWatcher : IDisposable
{
    private const int Batch = 32;
    private const ulong StopToken = 0;
    private const uint EPOLLONESHOT = 1u << 30;

    private readonly FileDescriptor _epoll;
    private readonly FileDescriptor _stop;
    private readonly ConcurrentDictionary<ulong, Action> _watches = new();
    private readonly Lock _starting = new();
    private Thread? _thread;
    private ulong _last;

    /// <summary>Makes the descriptors.</summary>
    public HangupWatcher()
    {
        _epoll = Owned(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), "epoll_create1");
        _stop = Owned(Libc.eventfd(0, Libc.EFD_CLOEXEC), "eventfd");
        Control(Libc.EPOLL_CTL_ADD, _stop.Number, Libc.EPOLLIN, StopToken);
    }

    /// <summary>Calls back once, on the watcher's thread, when the peer is gone; at once where it is gone already.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="gone">Must return soon and not throw.</param>
    /// <returns>Ends the watch.</returns>
    public IDisposable Watch(int socket, Action gone)
    {
        EnsureThread();

        // A duplicate: the caller's descriptor may be closed, and its number be another file's, before the watch ends.
        FileDescriptor duplicate = Owned(Libc.fcntl(socket, Libc.F_DUPFD_CLOEXEC, 0), "fcntl F_DUPFD_CLOEXEC");
        ulong token = Interlocked.Increment(ref _last);
        _watches[token] = gone;
        try
        {
            // No event is asked for: EPOLLHUP is always reported.
            Control(Libc.EPOLL_CTL_ADD, duplicate.Number, EPOLLONESHOT, token);
        }
        catch (LinuxException)
        {
            _watches.TryRemove(token, out _);
            duplicate.Dispose();
            throw;
        }

        return new HangupWatch(this, duplicate, token);
    }

    /// <summary>Ends the thread. No watch may be left.</summary>
    public void Dispose()
    {
        lock (_starting)
        {
            if (_thread is not null)
            {
                ulong one = 1;
                _ = Libc.write(_stop.Number, &one, sizeof(ulong));
                _thread.Join();
                _thread = null;
            }
        }

        _epoll.Dispose();
        _stop.Dispose();
    }

    internal void End(FileDescriptor duplicate, ulong token)
    {
        _watches.TryRemove(token, out _);
        Control(Libc.EPOLL_CTL_DEL, duplicate.Number, 0, token);
        duplicate.Dispose();
    }

    private static FileDescriptor Owned(int fd, string call) => fd < 0 ? throw LinuxException.Last(call, "") : new FileDescriptor(fd);

    private void EnsureThread()
    {
        lock (_starting)
        {
            if (_thread is null)
            {
                _thread = new Thread(Run, 128 * 1024) { IsBackground = true, Name = "hangups" };
                _thread.Start();
            }
        }
    }

    private void Control(int operation, int fd, uint events, ulong token)
    {
        byte* record = stackalloc byte[Libc.EpollEventSize];
        *(uint*)record = events;
        *(ulong*)(record + Libc.EpollDataOffset) = token;
        if (Libc.epoll_ctl(_epoll.Number, operation, fd, record) < 0)
        {
            throw LinuxException.Last("epoll_ctl", "");
        }
    }

    private void Run()
    {
        int data = Libc.EpollDataOffset, size = data + sizeof(ulong);
        byte* events = stackalloc byte[Batch * Libc.EpollEventSize];
        while (true)
        {
            int count = Libc.epoll_wait(_epoll.Number, events, Batch, -1);
            for (int i = 0; i < count; i++)
            {
                ulong token = *(ulong*)(events + (i * size) + data);
                if (token == StopToken)
                {
                    return;
                }

                if (_watches.TryRemove(token, out Action? gone))
                {
                    gone();
                }
            }
        }
    }
}
