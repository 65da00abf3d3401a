using System.Globalization;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>"1h30m", "1.5s", "-2ms": Go's time.ParseDuration.</summary>
internal static class GoDuration
{
    // Longest first: "ms" is no "m".
    private static readonly (string Unit, decimal Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ];

    /// <summary>Nanoseconds; null: no duration, or one beyond ± 292 years.</summary>
    public static long? Parse(string text)
    {
        bool isNegative = text.StartsWith('-');
        string rest = isNegative || text.StartsWith('+') ? text[1..] : text;
        if (rest == "0")
        {
            return 0;
        }

        decimal sum = 0;
        bool isFound = false;
        while (rest.Length > 0)
        {
            int digits = rest.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
            (string unit, decimal factor) = Units.FirstOrDefault(u => rest.AsSpan(digits).StartsWith(u.Unit, StringComparison.Ordinal));
            if (unit is null || digits > 20 || !decimal.TryParse(rest.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            {
                return null;
            }

            if (number > long.MaxValue / factor || (sum += number * factor) > long.MaxValue)
            {
                return null;
            }

            isFound = true;
            rest = rest[(digits + unit.Length)..];
        }

        return isFound ? (long)(isNegative ? -sum : sum) : null;
    }
}
