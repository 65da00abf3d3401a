using System.Globalization;

namespace Berth.Cli.Text;

/// <summary>Moments as Go prints and Docker's clients read them.</summary>
internal static class GoTime
{
    private static readonly string[] Layouts =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HHK", "yyyy-MM-ddK",
    ];

    /// <summary>Time.String of a moment in the local zone: "2026-11-24 05:49:22 +0000 UTC".</summary>
    public static string Long(DateTimeOffset moment, string fraction = "")
    {
        TimeZoneInfo zone = TimeZoneInfo.Local;
        DateTimeOffset local = TimeZoneInfo.ConvertTime(moment, zone);
        return $"{local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}{fraction} {Offset(local.Offset)} {Name(zone, local)}";
    }

    /// <summary>RFC 3339 with nanoseconds, as the API writes it; the fraction keeps all its digits.</summary>
    public static string Long(string rfc3339)
    {
        if (!DateTimeOffset.TryParse(rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset moment))
        {
            return rfc3339;
        }

        int dot = rfc3339.IndexOf('.', StringComparison.Ordinal);
        int end = dot < 0 ? -1 : rfc3339.AsSpan(dot + 1).IndexOfAnyExceptInRange('0', '9') + dot + 1;
        string fraction = dot < 0 ? "" : rfc3339[dot..end].TrimEnd('0');
        return Long(moment, fraction == "." ? "" : fraction);
    }

    /// <summary>Turns "42m", a date or a Unix time into the Unix time the API takes, "seconds.nanoseconds".</summary>
    /// <returns>Null when it is none of these.</returns>
    public static string? ToUnix(string text, DateTimeOffset now)
    {
        if (GoDuration.Parse(text, out long nanoseconds) is null && text != "0")
        {
            return Unix(now.AddTicks(-nanoseconds / 100));
        }

        int dot = text.IndexOf('.', StringComparison.Ordinal);
        string seconds = dot < 0 ? text : text[..dot];
        if (long.TryParse(seconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) && text[(dot + 1)..].All(c => char.IsAsciiDigit(c) || c == '-'))
        {
            return text;
        }

        (string whole, string fraction) = Split(text);
        return fraction.Length <= 9 && DateTimeOffset.TryParseExact(whole, Layouts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset moment)
            ? $"{moment.ToUnixTimeSeconds()}.{fraction.PadRight(9, '0')}"
            : null;
    }

    // The fraction of a second as it is written: what the logs show has nanoseconds, of which .NET keeps hundreds.
    private static (string Whole, string Fraction) Split(string text)
    {
        int point = text.LastIndexOf('.');
        if (point < 0)
        {
            return (text, "");
        }

        int digits = text.AsSpan(point + 1).IndexOfAnyExceptInRange('0', '9');
        int end = digits < 0 ? text.Length : point + 1 + digits;
        return (text[..point] + text[end..], text[(point + 1)..end]);
    }

    private static string Unix(DateTimeOffset moment)
    {
        long ticks = moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * 100:D9}");
    }

    private static string Offset(TimeSpan offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.Hours):D2}{Math.Abs(offset.Minutes):D2}");

    private static string Name(TimeZoneInfo zone, DateTimeOffset local)
    {
        string name = zone.IsDaylightSavingTime(local) ? zone.DaylightName : zone.StandardName;
        return name.Contains("UTC", StringComparison.Ordinal) || name.Contains("Universal", StringComparison.Ordinal) || name.Length == 0 ? "UTC" : name;
    }
}
