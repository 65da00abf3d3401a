using System.Globalization;

namespace Berth.Daemon.Http;

/// <summary>Instants as clients send them.</summary>
internal static class Timestamps
{
    private const int TickDigits = 7;

    /// <summary>Reads "1700000000", "1700000000.123456789" (cut to 100 ns) or RFC 3339.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        ReadOnlySpan<char> whole = dot < 0 ? text : text.AsSpan(0, dot), fraction = dot < 0 ? "" : text.AsSpan(dot + 1);
        if (long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds))
        {
            if (fraction.ContainsAnyExceptInRange('0', '9') || seconds is < -62_135_596_800 or > 253_402_300_799)
            {
                return false;
            }

            long ticks = 0;
            for (int i = 0; i < TickDigits; i++)
            {
                ticks = (ticks * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
            }

            instant = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(ticks);
            return true;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);
    }
}
