using System.Globalization;

using Berth.Oci.Images;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>HEALTHCHECK.</summary>
internal static class HealthcheckParser
{
    private const long Millisecond = 1_000_000;

    private static readonly string[] Flags = ["interval", "timeout", "start-period", "start-interval", "retries"];

    public static HealthcheckInstruction Parse(InstructionNode node)
    {
        string type = InstructionParser.AtLeastOne(node).Arguments[0].ToUpperInvariant();
        string[] command = [.. node.Arguments.Skip(1)];
        FlagSet flags = FlagSet.Parse(node, values: Flags);
        if (type == "NONE")
        {
            return command.Length == 0
                ? new HealthcheckInstruction(node, new Healthcheck { Test = ["NONE"] })
                : throw DockerfileException.Syntax("HEALTHCHECK NONE takes no arguments");
        }

        if (type != "CMD")
        {
            throw DockerfileException.Syntax($"Unknown type {GoQuote.Quote(type)} in HEALTHCHECK (try CMD)");
        }

        if (command.Length == 0)
        {
            throw DockerfileException.Syntax("Missing command after HEALTHCHECK CMD");
        }

        return new HealthcheckInstruction(node, new Healthcheck
        {
            Test = [node.IsJson ? "CMD" : "CMD-SHELL", .. command],
            Interval = Interval(flags, "interval"),
            Timeout = Interval(flags, "timeout"),
            StartPeriod = Interval(flags, "start-period"),
            StartInterval = Interval(flags, "start-interval"),
            Retries = Retries(flags),
        });
    }

    // 0 means the same as nothing: Docker's default.
    private static long? Interval(FlagSet flags, string name)
    {
        if (flags.Value(name) is not string text)
        {
            return null;
        }

        return GoDuration.Parse(text) switch
        {
            null => throw DockerfileException.Syntax($"time: invalid duration {GoQuote.Quote(text)} of --{name} (try 30s)"),
            0 => null,
            < Millisecond => throw DockerfileException.Syntax($"Interval \"{name}\" cannot be less than 1ms"),
            long nanoseconds => nanoseconds,
        };
    }

    private static int? Retries(FlagSet flags)
    {
        if (flags.Value("retries") is not string text)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int retries))
        {
            throw DockerfileException.Syntax($"--retries is no number: {GoQuote.Quote(text)}");
        }

        return retries switch
        {
            < 0 => throw DockerfileException.Syntax($"--retries cannot be negative ({retries})"),
            0 => null,
            _ => retries,
        };
    }
}
