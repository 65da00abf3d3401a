using System.Net;

namespace Berth.Network;

/// <summary>A container's place on a network: what inspect shows and what a row in the database keeps.</summary>
public sealed record Endpoint
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    public required string NetworkId { get; init; }

    public required string ContainerId { get; init; }

    /// <summary>IPv4; null on a network without.</summary>
    public IPAddress? Address { get; init; }

    public int PrefixLength { get; init; }

    public IPAddress? Gateway { get; init; }

    public IPAddress? Ipv6Address { get; init; }

    public int Ipv6PrefixLength { get; init; }

    public IPAddress? Ipv6Gateway { get; init; }

    /// <summary>Further addresses that are valid on this network only (--link-local-ip).</summary>
    public IReadOnlyList<IPAddress> LinkLocal { get; init; } = [];

    public required MacAddress MacAddress { get; init; }

    /// <summary>The host's end of the pair ("veth1a2b3c4"); null where the interface has none (macvlan, ipvlan).</summary>
    public string? HostInterface { get; init; }

    /// <summary>The container's interface.</summary>
    public string Interface { get; init; } = "eth0";

    /// <summary>Kernel settings that its interface gets when it is made. Not in its row.</summary>
    public IReadOnlyList<InterfaceSetting> Settings { get; init; } = [];

    /// <summary>What the container is called on this network: its name, the beginning of its id, aliases.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The endpoint with the highest one leads out of the container.</summary>
    public int GatewayPriority { get; init; }

    /// <summary>Ports of the host that lead here: of the container's endpoint that leads out.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>Its ports pass the host's own input rules: the container's monitor listens instead of a translation.</summary>
    public bool ThroughHost { get; init; }
}
