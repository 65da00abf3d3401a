using System.Buffers.Binary;
using System.Collections.Concurrent;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Processes;

/// <summary>
/// Sees to the end of children, so that none stays a zombie. One thread waits for all of them by pidfd: it takes no other child's status
/// (a wait for any child would, from whoever in this program started one otherwise).
/// </summary>
public sealed unsafe class ChildReaper : IDisposable
{
    private const int Wake = 0;

    private readonly FileDescriptor _epoll;
    private readonly FileDescriptor _wakeRead;
    private readonly FileDescriptor _wakeWrite;
    private readonly ConcurrentDictionary<int, FileDescriptor> _children = new();
    private readonly Thread _thread;
    private volatile bool _disposed;

    public ChildReaper()
    {
        int epoll = Libc.epoll_create1(Libc.EPOLL_CLOEXEC);
        _epoll = epoll >= 0 ? new FileDescriptor(epoll) : throw LinuxException.Last("epoll_create1", "");
        (_wakeRead, _wakeWrite) = SocketPair.Create();
        Add(_wakeRead, Wake);
        _thread = new Thread(Run) { IsBackground = true, Name = "reaper" };
        _thread.Start();
    }

    /// <summary>How many children live.</summary>
    public int Count => _children.Count;

    /// <summary>Waits for this child from now on, also where it ended already.</summary>
    public void Add(int pid)
    {
        nint pidfd = Libc.pidfd_open(Libc.SYS_pidfd_open, pid, 0);
        if (pidfd < 0)
        {
            throw LinuxException.Last("pidfd_open", $"process {pid}");
        }

        var descriptor = new FileDescriptor((int)pidfd);
        _children[pid] = descriptor;
        Add(descriptor, pid);
    }

    /// <summary>Ends the thread. Children go on and are nobody's: only at the end of the program.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        byte one = 1;
        _ = Libc.write(_wakeWrite.Number, &one, 1);
        _thread.Join();
        foreach (FileDescriptor child in _children.Values)
        {
            child.Dispose();
        }

        _wakeRead.Dispose();
        _wakeWrite.Dispose();
        _epoll.Dispose();
    }

    private void Add(FileDescriptor descriptor, int key)
    {
        byte* entry = stackalloc byte[Libc.EpollEventSize];
        *(uint*)entry = Libc.EPOLLIN;
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(entry + Libc.EpollDataOffset, sizeof(long)), key);
        if (Libc.epoll_ctl(_epoll.Number, Libc.EPOLL_CTL_ADD, descriptor.Number, entry) != 0)
        {
            throw LinuxException.Last("epoll_ctl", $"process {key}");
        }
    }

    private void Run()
    {
        byte* entry = stackalloc byte[Libc.EpollEventSize];
        while (!_disposed)
        {
            int ready = Libc.epoll_wait(_epoll.Number, entry, 1, -1);
            if (ready != 1)
            {
                continue; // a signal interrupted it
            }

            int pid = (int)BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(entry + Libc.EpollDataOffset, sizeof(long)));
            if (pid != Wake && _children.TryRemove(pid, out FileDescriptor? pidfd))
            {
                Libc.siginfo_wait info;
                _ = Libc.waitid(Libc.P_PIDFD, pidfd.Number, &info, Libc.WEXITED | Libc.WNOHANG);

                // Not left to the close: a child between its vfork and its exec holds a copy, which would keep it in the set.
                _ = Libc.epoll_ctl(_epoll.Number, Libc.EPOLL_CTL_DEL, pidfd.Number, entry);
                pidfd.Dispose();
            }
        }
    }
}
