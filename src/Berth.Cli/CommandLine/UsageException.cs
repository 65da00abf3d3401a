namespace Berth.Cli.CommandLine;

/// <summary>The command line itself is wrong: nothing was asked of the daemon.</summary>
internal sealed class UsageException(string message) : Exception(message);
