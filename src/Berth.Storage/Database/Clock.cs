namespace Berth.Storage.Database;

/// <summary>The database's time.</summary>
public static class Clock
{
    private const long Earliest = long.MinValue / 100 * 100;

    /// <summary>Nanoseconds since 1970, as far as the runtime's 100 ns ticks go.</summary>
    public static long Now() => FromTime(DateTimeOffset.UtcNow);

    /// <summary>Times before 1678 and after 2262 do not fit and are taken as the nearest that does.</summary>
    public static long FromTime(DateTimeOffset time) => Math.Clamp(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, long.MinValue / 100, long.MaxValue / 100) * 100;

    /// <summary>The earliest that fits stands for the year 1, the time of what has none.</summary>
    public static DateTimeOffset ToTime(long nanoseconds) =>
        nanoseconds <= Earliest ? DateTimeOffset.MinValue : DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
}
