using Berth.Oci.Monitor;

namespace Berth.Runtime.Tests.Monitor;

/// <summary>A container for a test, where it differs from the plain one.</summary>
internal sealed record MonitorSetup(params string[] Args)
{
    public bool Terminal { get; init; }

    public bool OpenStdin { get; init; }

    public bool StdinOnce { get; init; }

    /// <summary>An attach stream that exists before the start.</summary>
    public MonitorAttachment? Attach { get; init; }

    public bool Log { get; init; } = true;

    public string? ExitPath { get; init; }

    public long? MemoryLimit { get; init; }

    public uint User { get; init; }

    public bool OwnPids { get; init; } = true;

    /// <summary>Starts it by way of a shell, which is the monitor's parent then.</summary>
    public bool ByWayOfShell { get; init; }

    public static MonitorAttachment AllStreams => new() { Stdin = true, Stdout = true, Stderr = true };

    public static MonitorAttachment Outputs => new() { Stdout = true, Stderr = true };
}
