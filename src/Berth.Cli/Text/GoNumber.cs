using System.Globalization;

namespace Berth.Cli.Text;

/// <summary>Numbers and booleans as Go's strconv reads and writes them, with its error texts: users and scripts know these.</summary>
internal static class GoNumber
{
    /// <summary>strconv.ParseBool.</summary>
    public static bool? ParseBool(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };

    /// <summary>strconv.ParseInt(text, 0, bits): a sign, then decimal, 0x, 0o, 0b or a leading zero for octal.</summary>
    /// <returns>Null when good, otherwise Go's error.</returns>
    public static string? ParseInt(string text, int bits, out long value)
    {
        value = 0;
        if (!TryInteger(text, out Int128 number))
        {
            return Syntax("ParseInt", text);
        }

        Int128 limit = Int128.One << (bits - 1);
        if (number < -limit || number >= limit)
        {
            return Range("ParseInt", text);
        }

        value = (long)number;
        return null;
    }

    /// <summary>strconv.ParseUint(text, 0, bits): no sign.</summary>
    public static string? ParseUint(string text, int bits, out ulong value)
    {
        value = 0;
        if (text.StartsWith('-') || text.StartsWith('+') || !TryInteger(text, out Int128 number))
        {
            return Syntax("ParseUint", text);
        }

        if (number >= Int128.One << bits)
        {
            return Range("ParseUint", text);
        }

        value = (ulong)number;
        return null;
    }

    /// <summary>strconv.ParseFloat for the plain decimal forms.</summary>
    public static string? ParseFloat(string text, out double value)
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, styles, CultureInfo.InvariantCulture, out value) && !double.IsInfinity(value)
            ? null
            : Syntax("ParseFloat", text);
    }

    /// <summary>fmt's %.Ng.</summary>
    public static string General(double value, int precision) => value.ToString($"g{precision}", CultureInfo.InvariantCulture);

    /// <summary>fmt's %v of a float64: the shortest text that reads back, with an exponent below 1e-4 and from 1e6.</summary>
    public static string Shortest(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "+Inf" : "-Inf";
        }

        (string digits, int exponent) = Digits(Math.Abs(value));
        string sign = value < 0 || (value == 0 && double.IsNegative(value)) ? "-" : "";
        if (exponent is < -4 or >= 6)
        {
            string fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
        }

        return sign + (exponent < 0 ? $"0.{new string('0', -exponent - 1)}{digits}"
            : digits.Length <= exponent + 1 ? digits.PadRight(exponent + 1, '0')
            : $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}");
    }

    /// <summary>"operation: parsing …: invalid syntax".</summary>
    public static string Syntax(string function, string text) => $"strconv.{function}: parsing {GoString.Quote(text)}: invalid syntax";

    private static string Range(string function, string text) => $"strconv.{function}: parsing {GoString.Quote(text)}: value out of range";

    // The shortest digits that read back, and the power of ten of the first.
    private static (string Digits, int Exponent) Digits(double value)
    {
        string text = value.ToString("E16", CultureInfo.InvariantCulture);
        for (int precision = 0; precision < 16; precision++)
        {
            string shorter = value.ToString($"E{precision}", CultureInfo.InvariantCulture);
            if (double.Parse(shorter, CultureInfo.InvariantCulture) == value)
            {
                text = shorter;
                break;
            }
        }

        int e = text.IndexOf('E', StringComparison.Ordinal);
        return (text[..e].Replace(".", "", StringComparison.Ordinal), int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture));
    }

    // Saturates far above 64 bits: a longer number is out of range, not bad syntax.
    private static bool TryInteger(string text, out Int128 number)
    {
        number = 0;
        ReadOnlySpan<char> digits = text;
        bool negative = digits.StartsWith("-");
        if (negative || digits.StartsWith("+"))
        {
            digits = digits[1..];
        }

        int radix = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            (radix, int skip) = char.ToLowerInvariant(digits[1]) switch { 'x' => (16, 2), 'o' => (8, 2), 'b' => (2, 2), _ => (8, 1) };
            digits = digits[skip..];
        }

        if (digits.Length == 0)
        {
            return false;
        }

        foreach (char c in digits)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiHexDigit(c) ? (c | 0x20) - 'a' + 10 : radix;
            if (digit >= radix)
            {
                return false;
            }

            number = number >> 100 == 0 ? (number * radix) + digit : number;
        }

        number = negative ? -number : number;
        return true;
    }
}
