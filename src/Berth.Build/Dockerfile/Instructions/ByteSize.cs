using System.Globalization;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>"100", "64m", "1.5 GiB": powers of 1024, as Docker reads sizes of memory (go-units, RAMInBytes).</summary>
internal static class ByteSize
{
    /// <summary>Bytes; null: no size.</summary>
    public static long? Parse(string text)
    {
        int digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        string unit = text[digits..].TrimStart(' ').ToLowerInvariant();
        int power = unit switch
        {
            "" or "b" => 0,
            "k" or "kb" or "kib" => 1,
            "m" or "mb" or "mib" => 2,
            "g" or "gb" or "gib" => 3,
            "t" or "tb" or "tib" => 4,
            "p" or "pb" or "pib" => 5,
            _ => -1,
        };
        bool isNumber = double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        double bytes = number * Math.Pow(1024, power);
        return isNumber && power >= 0 && bytes < long.MaxValue ? (long)bytes : null;
    }
}
