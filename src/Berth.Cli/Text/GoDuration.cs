using System.Globalization;

namespace Berth.Cli.Text;

/// <summary>Durations as Go's time package reads and writes them, in nanoseconds.</summary>
internal static class GoDuration
{
    private static readonly (string Unit, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ];

    /// <summary>time.ParseDuration: "1h30m", "-1.5s", "0".</summary>
    /// <returns>Null when good, otherwise Go's error.</returns>
    public static string? Parse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        string bad = $"time: invalid duration {GoString.Quote(text)}";
        ReadOnlySpan<char> rest = text;
        bool negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return null;
        }

        if (rest.Length == 0)
        {
            return bad;
        }

        double total = 0;
        while (rest.Length > 0)
        {
            int digits = Digits(rest);
            ReadOnlySpan<char> number = rest[..digits];
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
            {
                return bad;
            }

            rest = rest[number.Length..];
            int end = rest.IndexOfAny("0123456789.");
            string unit = (end < 0 ? rest : rest[..end]).ToString();
            if (unit.Length == 0)
            {
                return $"time: missing unit in duration {GoString.Quote(text)}";
            }

            long scale = Array.Find(Units, u => u.Unit == unit).Nanoseconds;
            if (scale == 0)
            {
                return $"time: unknown unit {GoString.Quote(unit)} in duration {GoString.Quote(text)}";
            }

            total += value * scale;
            rest = rest[unit.Length..];
        }

        if (total > long.MaxValue)
        {
            return bad;
        }

        nanoseconds = negative ? -(long)total : (long)total;
        return null;
    }

    // Digits with at most one point among them.
    private static int Digits(ReadOnlySpan<char> text)
    {
        bool point = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]) && (text[i] != '.' || point))
            {
                return i;
            }

            point |= text[i] == '.';
        }

        return text.Length;
    }

    /// <summary>Duration.String: "1h30m0s", "1.5s", "0s".</summary>
    public static string Format(long nanoseconds)
    {
        if (nanoseconds == 0)
        {
            return "0s";
        }

        string sign = nanoseconds < 0 ? "-" : "";
        ulong left = (ulong)Math.Abs(nanoseconds);
        if (left < 1_000_000_000)
        {
            (string unit, double scale) = left < 1_000 ? ("ns", 1.0) : left < 1_000_000 ? ("µs", 1e3) : ("ms", 1e6);
            return $"{sign}{(left / scale).ToString("0.######", CultureInfo.InvariantCulture)}{unit}";
        }

        decimal seconds = left / 1_000_000_000m;
        long minutes = (long)(seconds / 60);
        string text = $"{(seconds % 60).ToString("0.#########", CultureInfo.InvariantCulture)}s";
        if (minutes > 0)
        {
            text = $"{minutes % 60}m{text}";
        }

        return minutes >= 60 ? $"{sign}{minutes / 60}h{text}" : sign + text;
    }
}
