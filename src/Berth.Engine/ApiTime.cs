using System.Globalization;

namespace Berth.Engine;

/// <summary>Instants as the API writes them: RFC 3339 in UTC, without zeros at the end of the fraction, as Go has it.</summary>
internal static class ApiTime
{
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
}
