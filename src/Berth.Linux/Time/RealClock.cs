using Berth.Linux.Interop;

namespace Berth.Linux.Time;

/// <summary>The time of day, finer than DateTime's 100 nanoseconds.</summary>
public static unsafe class RealClock
{
    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public static long Nanoseconds
    {
        get
        {
            Libc.timespec now;
            _ = Libc.clock_gettime(Libc.CLOCK_REALTIME, &now);
            return (now.tv_sec * 1_000_000_000) + now.tv_nsec;
        }
    }
}
