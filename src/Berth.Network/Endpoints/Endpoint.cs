using System.Net;

namespace Berth.Network;

/// <summary>A container's place on a network: what inspect shows and what a row in the database keeps.</summary>
public sealed record Endpoint
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    public required string NetworkId { get; init; }

    public required string ContainerId { get; init; }

    public required IPAddress Address { get; init; }

    public required int PrefixLength { get; init; }

    public required IPAddress Gateway { get; init; }

    public required MacAddress MacAddress { get; init; }

    /// <summary>The host's end of the pair ("veth1a2b3c4"); the container's end is eth0.</summary>
    public required string HostInterface { get; init; }
}
