using Berth.Cli.CommandLine;

namespace Berth.Cli.Commands;

/// <summary>Every command, in the order help lists them.</summary>
internal static class CommandTable
{
    public static Command[] Rows { get; } =
    [
        Containers.Run.Row,
    ];
}
