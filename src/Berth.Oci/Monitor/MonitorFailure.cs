namespace Berth.Oci.Monitor;

/// <summary>Why a container or exec did not start.</summary>
public sealed record MonitorFailure
{
    /// <summary>126 not executable, 127 not found, 128 anything else (Docker's codes).</summary>
    public int ExitCode { get; init; }

    /// <summary>The plan's step ("mount proc"), or the part of the monitor's own work.</summary>
    public required string Step { get; init; }

    /// <summary>The errno, 0 where it was no system call.</summary>
    public int Errno { get; init; }

    /// <summary>For people: what, on which object, why, what to do.</summary>
    public required string Message { get; init; }
}
