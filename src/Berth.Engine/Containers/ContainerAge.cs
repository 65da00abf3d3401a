using System.Globalization;

namespace Berth.Engine.Containers;

/// <summary>The words of `ps`: "Up 5 minutes", "Exited (0) About an hour ago".</summary>
public static class ContainerAge
{
    public static string Status(ContainerRecord record, DateTimeOffset now)
    {
        ContainerStatus status = record.Status;
        string since = Duration(now - (status.StartedAt ?? now)), ago = Duration(now - (status.FinishedAt ?? now));
        return record.Phase switch
        {
            Phase.Paused => $"Up {since} (Paused)",
            Phase.Running or Phase.Stopping => $"Up {since}",
            Phase.Restarting => string.Create(CultureInfo.InvariantCulture, $"Restarting ({status.ExitCode}) {ago} ago"),
            Phase.Removing or Phase.Removed => "Removal In Progress",
            Phase.Dead => "Dead",
            _ when status.StartedAt is null => "Created",
            _ => string.Create(CultureInfo.InvariantCulture, $"Exited ({status.ExitCode}) {ago} ago"),
        };
    }

    /// <summary>A length of time in words, rounded as go-units' HumanDuration does.</summary>
    public static string Duration(TimeSpan length)
    {
        int seconds = (int)Math.Min(int.MaxValue, Math.Max(0, length.TotalSeconds)), minutes = (int)length.TotalMinutes;
        int hours = (int)(length.TotalHours + 0.5);
        return seconds switch
        {
            < 1 => "Less than a second",
            1 => "1 second",
            < 60 => $"{seconds} seconds",
            _ when minutes == 1 => "About a minute",
            _ when minutes < 60 => $"{minutes} minutes",
            _ when hours == 1 => "About an hour",
            _ when hours < 48 => $"{hours} hours",
            _ when hours < 24 * 7 * 2 => $"{hours / 24} days",
            _ when hours < 24 * 30 * 2 => $"{hours / 24 / 7} weeks",
            _ when hours < 24 * 365 * 2 => $"{hours / 24 / 30} months",
            _ => $"{(int)(length.TotalHours / 24 / 365)} years",
        };
    }
}
