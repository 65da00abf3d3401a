namespace Berth.Cli.Commands;

/// <summary>Help for --format.</summary>
internal static class FormatHelp
{
    public const string Table = "Show it otherwise:\n'table':            as a table (default)\n'table TEMPLATE':   as a table of what the Go template says\n'json':             as JSON\n'TEMPLATE':         as the Go template says";

    public const string Plain = "Show it otherwise:\n'json':             as JSON\n'TEMPLATE':         as the Go template says";
}
