namespace Berth.Oci.Monitor;

/// <summary>The answer to a call: neither member set means that it was done.</summary>
public sealed record MonitorReply
{
    public MonitorFailure? Failed { get; init; }

    /// <summary>Pid of the exec's process in the host's pid namespace.</summary>
    public int? Pid { get; init; }
}
