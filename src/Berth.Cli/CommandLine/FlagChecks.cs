using Berth.Cli.Specs;
using Berth.Cli.Text;

namespace Berth.Cli.CommandLine;

/// <summary>Checks that hold for a flag's kind, or that many commands share.</summary>
internal static class FlagChecks
{
    /// <summary>What a flag's kind asks of a value.</summary>
    public static string? ForKind(FlagKind kind, string value) => kind switch
    {
        FlagKind.Bool => GoNumber.ParseBool(value) is null ? GoNumber.Syntax("ParseBool", value) : null,
        FlagKind.Int => GoNumber.ParseInt(value, 64, out _),
        FlagKind.Uint => GoNumber.ParseUint(value, 64, out _),
        FlagKind.Uint16 => GoNumber.ParseUint(value, 16, out _),
        FlagKind.Duration => GoDuration.Parse(value, out _),
        FlagKind.Bytes => Units.ParseBinarySize(value, out _),
        _ => null,
    };

    /// <summary>"name=value"; an empty one is ignored later, as Docker ignores it.</summary>
    public static string? Filter(ref string value) =>
        value.Length > 0 && !value.Contains('=', StringComparison.Ordinal) ? "bad format of filter (expected name=value)" : null;

    /// <summary>Fields with commas between them; a field in double quotes may hold commas.</summary>
    public static string? Fields(ref string value) => By(value, CsvFields.Parse);

    /// <summary>A value is good when its reader takes it.</summary>
    public static string? By<T>(string value, Func<string, T> parse)
    {
        try
        {
            _ = parse(value);
            return null;
        }
        catch (SpecException e)
        {
            return e.Message;
        }
    }
}
