using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Polling;

/// <summary>Wakes a thread that sits in <see cref="Poll.Wait"/>. Any number of calls before it looks are one. eventfd(2).</summary>
public sealed unsafe class WakeEvent : IDisposable
{
    private readonly FileDescriptor _descriptor;

    public WakeEvent()
    {
        int fd = Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.O_NONBLOCK);
        _descriptor = fd >= 0 ? new FileDescriptor(fd) : throw LinuxException.Last("eventfd", "");
    }

    /// <summary>For the poll set: readable once woken.</summary>
    public int Number => _descriptor.Number;

    public void Set()
    {
        ulong one = 1;
        _ = Libc.write(_descriptor.Number, &one, sizeof(ulong)); // fails only when the counter is full, and then it is set
    }

    /// <summary>Takes the wake-ups so far.</summary>
    public void Reset()
    {
        ulong count;
        _ = Libc.read(_descriptor.Number, &count, sizeof(ulong));
    }

    public void Dispose() => _descriptor.Dispose();
}
