namespace Berth.Cli;

/// <summary>A command failed for a reason to show as it is.</summary>
/// <param name="message">Shown on standard error; empty: nothing is shown.</param>
/// <param name="exitCode">What the program ends with.</param>
internal sealed class CliException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
