using Berth.Linux.Interop;

namespace Berth.Linux.Time;

/// <summary>Time that never goes back: for deadlines.</summary>
public static unsafe class MonotonicClock
{
    public static long Milliseconds
    {
        get
        {
            Libc.timespec now;
            _ = Libc.clock_gettime(Libc.CLOCK_MONOTONIC, &now);
            return (now.tv_sec * 1000) + (now.tv_nsec / 1_000_000);
        }
    }
}
