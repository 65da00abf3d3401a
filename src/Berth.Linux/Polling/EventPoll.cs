using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Polling;

/// <summary>Waits on many descriptors at a cost that does not grow with those that are silent. epoll(7). Can itself be waited for: readable when one of them is ready.</summary>
public sealed unsafe class EventPoll : IDisposable
{
    private const int Batch = 64;

    private readonly FileDescriptor _epoll;

    public EventPoll()
    {
        int fd = Libc.epoll_create1(Libc.EPOLL_CLOEXEC);
        _epoll = fd >= 0 ? new FileDescriptor(fd) : throw LinuxException.Last("epoll_create1", "");
    }

    public FileDescriptor Descriptor => _epoll;

    /// <summary>Waits for a descriptor until it is closed or removed. 0, or the negative errno (-ENOSPC: too many watches, -ENOMEM).</summary>
    /// <param name="descriptor">Not yet waited for.</param>
    /// <param name="wanted">What for; errors and hangups are always found.</param>
    /// <param name="token">Comes back with every event.</param>
    public int Add(FileDescriptor descriptor, WatchedEvents wanted, ulong token) => Control(Libc.EPOLL_CTL_ADD, descriptor, wanted, token);

    /// <summary>Waits for something else.</summary>
    public void Change(FileDescriptor descriptor, WatchedEvents wanted, ulong token) => _ = Control(Libc.EPOLL_CTL_MOD, descriptor, wanted, token);

    /// <summary>Needed where the open file lives on in another descriptor; otherwise closing is enough.</summary>
    public void Remove(FileDescriptor descriptor) => _ = Control(Libc.EPOLL_CTL_DEL, descriptor, WatchedEvents.None, 0);

    /// <summary>Takes what is ready now, without waiting.</summary>
    /// <returns>How many of the events were written.</returns>
    public int Take(Span<WatchedEvent> events)
    {
        int data = Libc.EpollDataOffset, size = data + sizeof(ulong);
        byte* records = stackalloc byte[Batch * Libc.EpollEventSize];
        int count = Libc.epoll_wait(_epoll.Number, records, Math.Min(Batch, events.Length), 0);
        for (int i = 0; i < count; i++)
        {
            byte* record = records + (i * size);
            events[i] = new WatchedEvent((WatchedEvents)(*(uint*)record), *(ulong*)(record + data));
        }

        return Math.Max(count, 0); // EINTR is nothing ready
    }

    public void Dispose() => _epoll.Dispose();

    private int Control(int operation, FileDescriptor descriptor, WatchedEvents wanted, ulong token)
    {
        byte* record = stackalloc byte[Libc.EpollEventSize];
        *(uint*)record = (uint)wanted;
        *(ulong*)(record + Libc.EpollDataOffset) = token;
        return Libc.epoll_ctl(_epoll.Number, operation, descriptor.Number, record) < 0 ? -Marshal.GetLastPInvokeError() : 0;
    }
}
