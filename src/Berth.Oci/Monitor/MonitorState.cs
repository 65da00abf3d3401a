namespace Berth.Oci.Monitor;

/// <summary>A running container: <c>state.json</c> in the run folder.</summary>
public sealed record MonitorState
{
    /// <summary>Pid of the first process in the host's pid namespace.</summary>
    public int Pid { get; init; }

    /// <summary>Its start time (field 22 of /proc/PID/stat): tells it from a later process of the same number.</summary>
    public ulong PidStartTime { get; init; }

    public int MonitorPid { get; init; }

    public DateTimeOffset StartedAt { get; init; }
}
