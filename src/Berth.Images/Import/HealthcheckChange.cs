using System.Globalization;

using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Images.Import;

/// <summary>The arguments of HEALTHCHECK: NONE, or options and a CMD.</summary>
internal static class HealthcheckChange
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <exception cref="EngineException">Invalid.</exception>
    public static Healthcheck Parse(string arguments)
    {
        var check = new Healthcheck();
        string rest = arguments;
        while (rest.StartsWith("--", StringComparison.Ordinal))
        {
            int blank = rest.AsSpan().IndexOfAny(' ', '\t');
            check = Option(check, blank < 0 ? rest : rest[..blank]);
            rest = blank < 0 ? "" : rest[blank..].Trim();
        }

        int end = rest.AsSpan().IndexOfAny(' ', '\t');
        string kind = (end < 0 ? rest : rest[..end]).ToUpperInvariant();
        string command = end < 0 ? "" : rest[end..].Trim();
        return kind switch
        {
            "NONE" when command.Length == 0 => check with { Test = ["NONE"] },
            "NONE" => throw EngineException.Invalid("HEALTHCHECK NONE takes no arguments"),
            "CMD" when command.Length == 0 => throw EngineException.Invalid("missing command after HEALTHCHECK CMD"),
            "CMD" => check with { Test = Test(command) },
            _ => throw EngineException.Invalid($"unknown type \"{kind}\" in HEALTHCHECK (try CMD)"),
        };
    }

    private static IReadOnlyList<string> Test(string command)
    {
        IReadOnlyList<string> words = ImportChanges.Command(command);
        return command.StartsWith('[') && words is not ["/bin/sh", "-c", _] ? ["CMD", .. words] : ["CMD-SHELL", command];
    }

    private static Healthcheck Option(Healthcheck check, string option)
    {
        int equals = option.IndexOf('=', StringComparison.Ordinal);
        (string name, string value) = equals < 0 ? (option, "") : (option[..equals], option[(equals + 1)..]);
        return name switch
        {
            "--interval" => check with { Interval = Duration(name, value) },
            "--timeout" => check with { Timeout = Duration(name, value) },
            "--start-period" => check with { StartPeriod = Duration(name, value) },
            "--start-interval" => check with { StartInterval = Duration(name, value) },
            "--retries" => check with
            {
                Retries = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0
                    ? n : throw EngineException.Invalid($"--retries must be at least 1 (not {value})"),
            },
            _ => throw EngineException.Invalid($"unknown flag: {name}"),
        };
    }

    // Go's durations: numbers with units behind each other, "1m30s", "1.5h".
    private static long Duration(string name, string text)
    {
        decimal total = 0;
        string rest = text;
        while (rest.Length > 0)
        {
            int digits = rest.AsSpan().IndexOfAnyExcept("0123456789.");
            int unit = digits < 0 ? -1 : rest.AsSpan(digits).IndexOfAny("0123456789.");
            string suffix = digits < 0 ? "" : unit < 0 ? rest[digits..] : rest.Substring(digits, unit);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) || Unit(suffix) is not { } nanoseconds
                || number > long.MaxValue / nanoseconds)
            {
                throw EngineException.Invalid($"invalid duration for {name}: \"{text}\"");
            }

            total += number * nanoseconds;
            rest = unit < 0 ? "" : rest[(digits + unit)..];
        }

        return total is > 0 and <= long.MaxValue ? (long)total : throw EngineException.Invalid($"invalid duration for {name}: \"{text}\"");
    }

    private static long? Unit(string suffix) => suffix switch
    {
        "ns" => 1,
        "us" or "µs" => 1_000,
        "ms" => 1_000_000,
        "s" => NanosecondsPerSecond,
        "m" => 60 * NanosecondsPerSecond,
        "h" => 3600 * NanosecondsPerSecond,
        _ => null,
    };
}
