using System.Globalization;
using System.Text.RegularExpressions;

using Berth.Storage;

namespace Berth.Engine;

/// <summary>The filter "until" of prunes: an instant, or how long ago it was ("24h", "1h30m").</summary>
internal static partial class UntilTime
{
    /// <exception cref="EngineException">Invalid: it is neither.</exception>
    public static DateTimeOffset Parse(string text, DateTimeOffset now)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds) && seconds is > -62_135_596_800 and < 253_402_300_799)
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        Match match = Duration().Match(text);
        if (match.Success && text.Length > 0)
        {
            try
            {
                return now - Sum(match);
            }
            catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
            {
                throw EngineException.Invalid($"invalid filter 'until={text}': that is longer ago than there is time", e);
            }
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant)
            ? instant
            : throw EngineException.Invalid($"invalid filter 'until={text}': a time (2026-01-31T12:00:00Z, seconds since 1970) or how long ago (24h, 10m) is wanted");
    }

    private static TimeSpan Sum(Match match)
    {
        TimeSpan sum = TimeSpan.Zero;
        for (int i = 0; i < match.Groups["number"].Captures.Count; i++)
        {
            double number = double.Parse(match.Groups["number"].Captures[i].Value, CultureInfo.InvariantCulture);
            sum += match.Groups["unit"].Captures[i].Value switch
            {
                "h" => TimeSpan.FromHours(number),
                "m" => TimeSpan.FromMinutes(number),
                "s" => TimeSpan.FromSeconds(number),
                _ => TimeSpan.FromMilliseconds(number),
            };
        }

        return sum;
    }

    [GeneratedRegex(@"^(?:(?<number>\d+(?:\.\d+)?)(?<unit>h|ms|m|s))+$", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
