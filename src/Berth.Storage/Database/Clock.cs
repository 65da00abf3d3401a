namespace Berth.Storage.Database;

/// <summary>The database's time.</summary>
public static class Clock
{
    /// <summary>Nanoseconds since 1970, as far as the runtime's 100 ns ticks go.</summary>
    public static long Now() => (DateTimeOffset.UtcNow.Ticks - DateTimeOffset.UnixEpoch.Ticks) * 100;

    public static DateTimeOffset ToTime(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
}
