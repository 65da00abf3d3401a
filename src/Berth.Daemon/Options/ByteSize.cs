using System.Globalization;

namespace Berth.Daemon.Options;

/// <summary>A number of bytes as people write it: "500m", "1.5GB", "20GiB"; powers of 1024, as Docker reads sizes.</summary>
internal static class ByteSize
{
    private const string Powers = "bkmgt";

    /// <exception cref="FormatException">It is none, or not above zero.</exception>
    public static long Parse(string text)
    {
        string number = text.TrimEnd("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".ToCharArray());
        string unit = text[number.Length..].ToLowerInvariant();
        int power = unit.Length == 0 ? 0 : Powers.IndexOf(unit[0], StringComparison.Ordinal);
        bool isUnit = unit.Length <= 1 || (power > 0 && unit[1..] is "b" or "ib");
        return power >= 0 && isUnit && double.TryParse(number.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double size)
            && size * Math.Pow(1024, power) is >= 1 and < long.MaxValue and var bytes
            ? (long)bytes
            : throw new FormatException($"{text} is no size: a number above zero and b, k, m, g or t is wanted, such as 20g");
    }
}
