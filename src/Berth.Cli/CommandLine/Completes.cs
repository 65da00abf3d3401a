namespace Berth.Cli.CommandLine;

/// <summary>What kind of object a command's words name.</summary>
internal enum Completes
{
    Nothing,
    Containers,
    RunningContainers,
    Images,
    Volumes,
    Networks,
    Files,
}
