namespace Berth.Oci.Monitor;

/// <summary>One request on the monitor's socket. Exactly one of the members is set.</summary>
public sealed record MonitorCall
{
    public MonitorWatch? Watch { get; init; }

    public MonitorAttachment? Attach { get; init; }

    public MonitorExec? Exec { get; init; }

    public MonitorResize? Resize { get; init; }

    public MonitorSignal? Signal { get; init; }

    public MonitorPorts? Ports { get; init; }
}
