using System.Globalization;

namespace Berth.Images.Registries.Http;

/// <summary>The header Retry-After: seconds, or a date in any of HTTP's three forms (RFC 9110, 10.2.3 and 5.6.7).</summary>
internal static class RetryAfter
{
    private static readonly string[] Dates = ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>Null: it is neither. Never negative.</summary>
    public static TimeSpan? Parse(string? text, DateTimeOffset now)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            // More digits than a number of seconds could need: as long as can be.
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(int.MaxValue);
        }

        return DateTimeOffset.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out DateTimeOffset at)
            ? at > now ? at - now : TimeSpan.Zero
            : null;
    }
}
