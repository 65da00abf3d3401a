using System.Globalization;

namespace Berth.Engine.Processes;

/// <summary>Times and shares as ps(1) prints them.</summary>
internal static class ProcessText
{
    public static string Percent(double percent) => percent.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>HH:MM of today, MonDD of this year, else the year.</summary>
    public static string StartTime(DateTimeOffset started, DateTimeOffset now)
    {
        DateTimeOffset local = started.ToLocalTime();
        return local.Date == now.Date ? local.ToString("HH:mm", CultureInfo.InvariantCulture)
            : local.Year == now.Year ? local.ToString("MMMdd", CultureInfo.InvariantCulture)
            : local.ToString("yyyy", CultureInfo.InvariantCulture);
    }

    /// <summary>[DD-]HH:MM:SS.</summary>
    public static string CpuTime(TimeSpan time) =>
        (time.Days > 0 ? string.Create(CultureInfo.InvariantCulture, $"{time.Days}-") : "") + time.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture);

    /// <summary>M:SS, as in aux.</summary>
    public static string ShortCpuTime(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}");

    /// <summary>[[DD-]HH:]MM:SS.</summary>
    public static string Elapsed(TimeSpan time) =>
        (time.Days > 0 ? string.Create(CultureInfo.InvariantCulture, $"{time.Days}-") : "")
        + time.ToString(time.TotalHours >= 1 ? @"hh\:mm\:ss" : @"mm\:ss", CultureInfo.InvariantCulture);
}
