using Berth.Linux.Files;
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

    /// <summary>Published ports, their sockets in the same order. The sockets are closed by the start.</summary>
    public IReadOnlyList<MonitorPort> Ports { get; init; } = [];

    public IReadOnlyList<FileDescriptor> Sockets { get; init; } = [];

    /// <summary>The network namespace that is the host's to the monitor; null for the tests' own.</summary>
    public FileDescriptor? HostNamespace { get; init; }

    /// <summary>A command of the shell that executes the monitor, "ulimit -Sn 1024"; null for no shell.</summary>
    public string? Before { get; init; }

    /// <summary>Starts it by way of a shell, which is the monitor's parent then.</summary>
    public bool ByWayOfShell { get; init; }

    public static MonitorAttachment AllStreams => new() { Stdin = true, Stdout = true, Stderr = true };

    public static MonitorAttachment Outputs => new() { Stdout = true, Stderr = true };
}
