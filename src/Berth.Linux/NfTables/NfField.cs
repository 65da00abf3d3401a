namespace Berth.Linux.NfTables;

/// <summary>What of a packet is looked up in a set.</summary>
public enum NfField
{
    /// <summary>The interface it came in by.</summary>
    InputInterface,

    /// <summary>The interface it will leave by.</summary>
    OutputInterface,
    Ipv4Source,
    Ipv4Destination,
    Ipv6Source,
    Ipv6Destination,

    /// <summary>TCP, UDP, ...; behind IPv6's extension headers.</summary>
    Protocol,

    /// <summary>Of TCP, UDP and SCTP.</summary>
    SourcePort,

    /// <summary>Of TCP, UDP and SCTP.</summary>
    DestinationPort,
}
