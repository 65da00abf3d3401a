namespace Berth.Oci.Monitor;

/// <summary>A published port that a monitor holds. The socket is a descriptor beside this record: bound, and listening where that is a thing, by whoever hands it over.</summary>
public sealed record MonitorPort
{
    /// <summary>"tcp", "udp" or "sctp"; the last can only be held.</summary>
    public required string Protocol { get; init; }

    /// <summary>A literal address. Protocol, host address and host port together name the port.</summary>
    public required string HostAddress { get; init; }

    public ushort HostPort { get; init; }

    public MonitorPortMode Mode { get; init; }

    /// <summary>The container's literal address, of either family; not read with <see cref="MonitorPortMode.Hold"/>.</summary>
    public string? TargetAddress { get; init; }

    public ushort TargetPort { get; init; }

    /// <summary>
    /// The prefix length of the network on which the target is; 0 for none. With <see cref="MonitorPortMode.Transparent"/> clients from that network come from
    /// the host's address: to their own the container would answer directly, past the proxy.
    /// </summary>
    public int TargetPrefixLength { get; init; }
}
