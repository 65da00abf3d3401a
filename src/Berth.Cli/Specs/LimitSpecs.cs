using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Text;

namespace Berth.Cli.Specs;

/// <summary>Limits: ulimits, processors, weights and rates of block devices.</summary>
internal static class LimitSpecs
{
    private const string RateForm = "The correct format is <device-path>:<number>";

    private static readonly string[] UlimitNames =
        ["core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"];

    /// <summary>"nofile=1024:2048"; without a hard limit it is the soft one; -1 has no limit.</summary>
    public static (string Name, long Soft, long Hard) Ulimit(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            throw new SpecException($"invalid ulimit argument: {text}");
        }

        string name = text[..equals];
        if (Array.IndexOf(UlimitNames, name) < 0)
        {
            throw new SpecException($"invalid ulimit type: {name}");
        }

        string[] limits = text[(equals + 1)..].Split(':');
        if (limits.Length > 2)
        {
            throw new SpecException($"too many limit value arguments - {text[(equals + 1)..]}, can only have up to two, `soft[:hard]`");
        }

        long hard = Limit(limits[^1]);
        long soft = limits.Length == 2 ? Limit(limits[0]) : hard;
        if (hard != -1 && (soft == -1 || soft > hard))
        {
            string relation = soft == -1 ? $"soft: -1 (unlimited), hard: {hard}" : $"{soft} > {hard}";
            throw new SpecException($"ulimit soft limit must be less than or equal to hard limit: {relation}");
        }

        return (name, soft, hard);
    }

    public static string? CheckUlimit(ref string value) => FlagChecks.By(value, Ulimit);

    /// <summary>"1.5" processors, or a fraction such as "3/2", in billionths.</summary>
    public static long Cpus(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length > 2 || !Number(parts[0], out decimal number) || !Number(parts.Length == 2 ? parts[1] : "1", out decimal divisor) || divisor == 0)
        {
            throw new SpecException($"failed to parse {text} as a rational number");
        }

        decimal nano = number * 1_000_000_000m / divisor;
        return nano == decimal.Truncate(nano) ? (long)nano : throw new SpecException("value is too precise");
    }

    public static string? CheckCpus(ref string value) => FlagChecks.By(value, Cpus);

    /// <summary>"/dev/sda:300".</summary>
    public static (string Path, long Weight) WeightDevice(string text)
    {
        (string path, string weight) = Device(text);
        return long.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number is 0 or (>= 10 and <= 1000)
            ? (path, number)
            : throw new SpecException($"invalid weight for device: {text}");
    }

    public static string? CheckWeightDevice(ref string value) => FlagChecks.By(value, WeightDevice);

    /// <summary>"/dev/sda:1mb".</summary>
    public static (string Path, long Rate) BytesRate(string text)
    {
        (string path, string rate) = Device(text);
        return Units.ParseBinarySize(rate, out long number) is null
            ? (path, number)
            : throw new SpecException($"invalid rate for device: {text}. {RateForm}[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb");
    }

    public static string? CheckBytesRate(ref string value) => FlagChecks.By(value, BytesRate);

    /// <summary>"/dev/sda:1000".</summary>
    public static (string Path, long Rate) OperationsRate(string text)
    {
        (string path, string rate) = Device(text);
        return long.TryParse(rate, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? (path, number)
            : throw new SpecException($"invalid rate for device: {text}. {RateForm}. Number must be a positive integer");
    }

    public static string? CheckOperationsRate(ref string value) => FlagChecks.By(value, OperationsRate);

    /// <summary>"-1" has no limit; otherwise a size.</summary>
    public static long Swap(string text) =>
        text == "-1" ? -1 : Units.ParseBinarySize(text, out long size) is string error ? throw new SpecException(error) : size;

    public static string? CheckSwap(ref string value) => FlagChecks.By(value, Swap);

    private static bool Number(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);

    private static long Limit(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new SpecException(GoNumber.Syntax("ParseInt", text));

    private static (string Path, string Value) Device(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            throw new SpecException($"bad format: {text}");
        }

        return text.StartsWith("/dev/", StringComparison.Ordinal)
            ? (text[..colon], text[(colon + 1)..])
            : throw new SpecException($"bad format for device path: {text}");
    }
}
