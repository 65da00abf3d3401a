using Berth.Oci.Runtime;

namespace Berth.Oci.Monitor;

/// <summary>Run one more program in the container.</summary>
public sealed record MonitorExec
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The program, user, capabilities, terminal, as in the OCI spec.</summary>
    public required Process Process { get; init; }

    /// <summary>The exec has a stdin.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>The connection becomes its stream; null: detached.</summary>
    public MonitorAttachment? Attach { get; init; }
}
