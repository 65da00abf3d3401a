namespace Berth.Cli.CommandLine;

/// <summary>Under which heading of the top help a command stands.</summary>
internal enum CommandGroup
{
    Plain,
    Common,
    Management,
}
