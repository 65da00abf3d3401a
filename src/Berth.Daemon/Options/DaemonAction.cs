namespace Berth.Daemon.Options;

/// <summary>What a command line asks for.</summary>
internal enum DaemonAction
{
    Run,
    PrintVersion,
    PrintHelp,
}
