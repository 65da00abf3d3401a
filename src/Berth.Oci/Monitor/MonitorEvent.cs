namespace Berth.Oci.Monitor;

/// <summary>What a monitor tells its watchers. Exactly one of the members is set.</summary>
public sealed record MonitorEvent
{
    public MonitorState? Started { get; init; }

    public MonitorFailure? Failed { get; init; }

    public ContainerExit? Exited { get; init; }

    public ExecExit? ExecExited { get; init; }
}
