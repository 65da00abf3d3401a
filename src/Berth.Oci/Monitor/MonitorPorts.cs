namespace Berth.Oci.Monitor;

/// <summary>Changes the published ports of a running container: first what is removed, then what is added. All of it is done, or, when refused, none.</summary>
public sealed record MonitorPorts
{
    /// <summary>The most descriptors that a call may bring (SCM_MAX_FD of the kernel is 253).</summary>
    public const int MostDescriptors = 250;

    /// <summary>
    /// Those not held yet, for each of which one descriptor comes with the call, in this order; one that is held already has none,
    /// and takes a new mode and target.
    /// </summary>
    public IReadOnlyList<MonitorPort> Add { get; init; } = [];

    /// <summary>Their sockets are closed; TCP connections go on until they end. One that is not held is no error: the call may be a repeated one.</summary>
    public IReadOnlyList<MonitorPortKey> Remove { get; init; } = [];
}
