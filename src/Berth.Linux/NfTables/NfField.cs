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

    /// <summary>The hardware address of who sent it. Only where packets come in.</summary>
    HardwareSource,

    /// <summary>The IPv4 address that a packet of ARP says to be its sender's. Only in tables of the family bridge.</summary>
    ArpSender,

    /// <summary>The IPv6 address that a neighbour advertisement is about (RFC 4861, 4.4).</summary>
    AdvertisedNeighbour,

    /// <summary>TCP, UDP, ...; behind IPv6's extension headers.</summary>
    Protocol,

    /// <summary>Of TCP, UDP and SCTP.</summary>
    SourcePort,

    /// <summary>Of TCP, UDP and SCTP.</summary>
    DestinationPort,
}
