using System.Globalization;

namespace Berth.Cli.Text;

/// <summary>Sizes and durations for people, as the go-units package of Docker writes and reads them.</summary>
internal static class Units
{
    private static readonly string[] Decimal = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] Binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    /// <summary>Powers of 1000: "1.98MB".</summary>
    public static string Size(double bytes, int precision = 4) => Scale(bytes, 1000, precision, Decimal);

    /// <summary>Powers of 1024: "64MiB".</summary>
    public static string BinarySize(double bytes) => Scale(bytes, 1024, 4, Binary);

    /// <summary>Reads "64m", "1.5GiB", "10kB" in powers of 1024.</summary>
    /// <returns>Null when good, otherwise the error.</returns>
    public static string? ParseBinarySize(string text, out long bytes) => ParseSize(text, 1024, out bytes);

    /// <summary>"About a minute", "3 hours", … : one number and one unit, never more.</summary>
    public static string Duration(TimeSpan span)
    {
        double total = span.TotalHours;
        int seconds = (int)span.TotalSeconds, minutes = (int)span.TotalMinutes, hours = (int)(total + 0.5);
        return span.TotalSeconds switch
        {
            _ when seconds < 1 => "Less than a second",
            _ when seconds == 1 => "1 second",
            _ when seconds < 60 => Count(seconds, "seconds"),
            _ when minutes == 1 => "About a minute",
            _ when minutes < 60 => Count(minutes, "minutes"),
            _ when hours == 1 => "About an hour",
            _ when hours < 48 => Count(hours, "hours"),
            _ when hours < 24 * 7 * 2 => Count(hours / 24, "days"),
            _ when hours < 24 * 30 * 2 => Count(hours / 24 / 7, "weeks"),
            _ when hours < 24 * 365 * 2 => Count(hours / 24 / 30, "months"),
            _ => Count((int)total / 24 / 365, "years"),
        };
    }

    private static string Count(int number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number} {unit}");

    private static string Scale(double size, double @base, int precision, string[] units)
    {
        int unit = 0;
        for (; size >= @base && unit < units.Length - 1; unit++)
        {
            size /= @base;
        }

        return GoNumber.General(size, precision) + units[unit];
    }

    private static string? ParseSize(string text, long @base, out long bytes)
    {
        bytes = -1;
        int last = text.AsSpan().LastIndexOfAny("0123456789. ");
        if (last < 0)
        {
            return $"invalid size: '{text}'";
        }

        string number = text[last] == ' ' ? text[..last] : text[..(last + 1)];
        string suffix = text[(last + 1)..].ToLowerInvariant();
        if (GoNumber.ParseFloat(number, out double size) is string error)
        {
            return error;
        }

        if (size < 0)
        {
            return $"invalid size: '{text}'";
        }

        int power = suffix.Length == 0 ? 0 : "bkmgtp".IndexOf(suffix[0], StringComparison.Ordinal);
        bool good = suffix.Length switch
        {
            0 => true,
            1 => power >= 0,
            2 => power > 0 && suffix[1] == 'b',
            3 => power > 0 && suffix[1..] == "ib",
            _ => false,
        };
        if (!good)
        {
            return $"invalid suffix: '{suffix}'";
        }

        bytes = (long)(size * Math.Pow(@base, power));
        return null;
    }
}
