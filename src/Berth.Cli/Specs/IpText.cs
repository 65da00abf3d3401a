using System.Globalization;
using System.Net;

namespace Berth.Cli.Specs;

/// <summary>Internet addresses in their plain text forms. IPAddress alone would take "1" and "0x7f.1" too.</summary>
internal static class IpText
{
    public static bool IsAddress(string text) => IsV4(text) || IsV6(text);

    public static bool IsV4(string text)
    {
        string[] parts = text.Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, static p =>
            p.Length is > 0 and <= 3 && (p.Length == 1 || p[0] != '0')
            && int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 255);
    }

    public static bool IsV6(string text) =>
        text.Contains(':', StringComparison.Ordinal) && text.IndexOfAny(['%', '[', ']', '/']) < 0 && IPAddress.TryParse(text, out _);

    /// <summary>The shortest form of it, as Go prints an address.</summary>
    public static string Normal(string text) => IsV6(text) ? IPAddress.Parse(text).ToString() : text;

    /// <summary>Six or eight bytes in hexadecimal, with colons, dashes, or dots every four digits.</summary>
    public static bool IsHardwareAddress(string text)
    {
        string[] parts = text.Split(':', '-');
        if (parts.Length == 1)
        {
            parts = text.Split('.');
            return parts.Length is 3 or 4 && Array.TrueForAll(parts, static p => p.Length == 4 && p.All(char.IsAsciiHexDigit));
        }

        return parts.Length is 6 or 8 or 20 && Array.TrueForAll(parts, static p => p.Length == 2 && p.All(char.IsAsciiHexDigit));
    }
}
