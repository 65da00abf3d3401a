namespace Berth.Runtime.Init;

/// <summary>A container or exec did not start.</summary>
/// <param name="step">The plan's step ("mount proc"), or the part of the parent's own work.</param>
/// <param name="errno">The errno, 0 where it was no system call.</param>
/// <param name="exitCode">126 not executable, 127 not found, 128 anything else (Docker's codes).</param>
/// <param name="message">For people: what, on which object, why, which line of config.json asked for it.</param>
internal sealed class LaunchException(string step, int errno, int exitCode, string message) : Exception(message)
{
    public string Step { get; } = step;

    public int Errno { get; } = errno;

    public int ExitCode { get; } = exitCode;
}
