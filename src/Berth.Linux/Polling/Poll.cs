using System.Runtime.InteropServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Polling;

/// <summary>Waits on several descriptors at once.</summary>
public static unsafe class Poll
{
    /// <summary>Waits until one of them is ready, or the time is over: then 0.</summary>
    /// <param name="items">Where <see cref="PollItem.Found"/> is written.</param>
    /// <param name="milliseconds">-1: for ever.</param>
    public static int Wait(Span<PollItem> items, int milliseconds = -1)
    {
        fixed (PollItem* first = items)
        {
            while (true)
            {
                int ready = Libc.poll((Libc.pollfd*)first, (nuint)items.Length, milliseconds);
                if (ready >= 0)
                {
                    return ready;
                }

                if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    throw LinuxException.Last("poll", "descriptors");
                }
            }
        }
    }
}
