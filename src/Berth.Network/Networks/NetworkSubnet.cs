using System.Net;

namespace Berth.Network;

/// <summary>A subnet of a network.</summary>
public sealed record NetworkSubnet
{
    public required IPNetwork Subnet { get; init; }

    /// <summary>Where addresses are given out from; null: the whole subnet.</summary>
    public IPNetwork? Range { get; init; }

    /// <summary>The bridge's own address, or with other drivers the router outside; null: there is none.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Addresses somebody outside has, by name: never given out.</summary>
    public IReadOnlyDictionary<string, IPAddress> Auxiliary { get; init; } = new Dictionary<string, IPAddress>();

    public bool IsIpv6 => Subnet.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
}
