namespace Berth.Oci.Monitor;

/// <summary>Send a signal to the first process, or to that of the exec named. Sent by pidfd: never to a stranger.</summary>
public sealed record MonitorSignal
{
    public string? Exec { get; init; }

    public int Signal { get; init; }
}
