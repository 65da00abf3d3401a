using System.Globalization;
using System.Text.RegularExpressions;

using Berth.Storage;

namespace Berth.Engine;

/// <summary>
/// Instants as clients write them, in "since", "until" and filters: seconds since 1970, RFC 3339 or the beginning of such a time, or how long ago it was.
/// What is finer than 100 ns is cut off. Pure.
/// </summary>
public static partial class InstantText
{
    private const int TickDigits = 7;
    private const long FirstSecond = -62_135_596_800, LastSecond = 253_402_300_799; // of the years 1 and 9999

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <param name="what">Where it stands, for the refusal: "filter 'until=x'".</param>
    /// <param name="text">As it came.</param>
    /// <param name="now">What "ago" means.</param>
    /// <exception cref="EngineException">Invalid: it is none.</exception>
    public static DateTimeOffset Parse(string what, string text, DateTimeOffset now) => TryParse(text, now, out DateTimeOffset instant)
        ? instant
        : throw EngineException.Invalid($"invalid {what}: a time (2026-01-31T12:00:00Z, seconds since 1970) or how long ago (24h, 10m) is wanted");

    /// <summary>
    /// Reads "1700000000", "1700000000.123456789"; "2026-01-31", "2026-01-31T12", "2026-01-31T12:00:00.5+02:00", in UTC where no zone is given;
    /// "24h", "1h30m", "-1.5s" as Go's time.ParseDuration, counted back from now.
    /// </summary>
    /// <param name="text">As it came.</param>
    /// <param name="now">What "ago" means.</param>
    /// <param name="instant">In UTC.</param>
    /// <returns>False: it is none of these, or not within the years 1 to 9999.</returns>
    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset instant)
    {
        Match ago = Duration().Match(text);
        if (ago.Success)
        {
            return TryAdd(now, ago.Groups["sign"].ValueSpan is "-" ? Ticks(ago) : -Ticks(ago), out instant);
        }

        Match time = Time().Match(text);
        return time.Success ? TryRead(time, out instant) : TryReadSeconds(text, out instant);
    }

    private static bool TryReadSeconds(string text, out DateTimeOffset instant)
    {
        instant = default;
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        ReadOnlySpan<char> whole = dot < 0 ? text : text.AsSpan(0, dot), fraction = dot < 0 ? "" : text.AsSpan(dot + 1);
        if (!long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds)
            || fraction.ContainsAnyExceptInRange('0', '9') || seconds is < FirstSecond or > LastSecond)
        {
            return false;
        }

        instant = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(Fraction(fraction));
        return true;
    }

    private static bool TryRead(Match time, out DateTimeOffset instant)
    {
        instant = default;
        int year = Number(time, "year"), month = Number(time, "month"), day = Number(time, "day");
        int hour = Number(time, "hour"), minute = Number(time, "minute"), second = Number(time, "second"), hours = Number(time, "hours"), minutes = Number(time, "minutes");
        if (year == 0 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59 || hours > 23 || minutes > 59)
        {
            return false;
        }

        var local = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
        long offset = new TimeSpan(hours, minutes, 0).Ticks;
        return TryAdd(local, Fraction(time.Groups["fraction"].ValueSpan) + (decimal)(time.Groups["east"].ValueSpan is "-" ? offset : -offset), out instant);
    }

    private static bool TryAdd(DateTimeOffset from, decimal ticks, out DateTimeOffset instant)
    {
        decimal sum = from.UtcTicks + ticks;
        bool fits = sum >= DateTimeOffset.MinValue.Ticks && sum <= DateTimeOffset.MaxValue.Ticks;
        instant = fits ? new DateTimeOffset((long)sum, TimeSpan.Zero) : default;
        return fits;
    }

    private static int Number(Match match, string group) => match.Groups[group] is { Success: true } found ? int.Parse(found.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static long Fraction(ReadOnlySpan<char> digits)
    {
        long ticks = 0;
        for (int i = 0; i < TickDigits; i++)
        {
            ticks = (ticks * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        }

        return ticks;
    }

    // The expression bounds the digits, so that no sum is too large for a decimal.
    private static decimal Ticks(Match duration)
    {
        decimal sum = 0;
        foreach ((Capture number, Capture unit) in duration.Groups["number"].Captures.Zip(duration.Groups["unit"].Captures))
        {
            sum += decimal.Parse(number.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * unit.Value switch
            {
                "h" => TimeSpan.TicksPerHour,
                "m" => TimeSpan.TicksPerMinute,
                "s" => TimeSpan.TicksPerSecond,
                "ms" => TimeSpan.TicksPerMillisecond,
                "ns" => 1m / TimeSpan.NanosecondsPerTick,
                _ => TimeSpan.TicksPerMicrosecond,
            };
        }

        return decimal.Truncate(sum);
    }

    // "0" alone is a duration for Go, and a second for everybody who writes it here.
    [GeneratedRegex(@"\A(?<sign>[+-]?)(?:(?<number>[0-9]{1,14}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})(?<unit>h|ms|m|s|us|\u00b5s|\u03bcs|ns)){1,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    // RFC 3339, section 5.6, with the blank it allows for the T; and without its end, as Docker takes it.
    [GeneratedRegex(
        @"\A(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})(?:[Tt ](?<hour>[0-9]{2})(?::(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]+))?)?)?)?"
        + @"(?:[Zz]|(?<east>[+-])(?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Time();
}
