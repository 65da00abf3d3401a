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

    /// <summary>Whom containers on a bridge send through: Docker's name among the auxiliary addresses, or the gateway.</summary>
    public IPAddress? WayOut => Auxiliary.GetValueOrDefault(IsIpv6 ? WayOutKey6 : WayOutKey) ?? Gateway;

    internal const string WayOutKey = "DefaultGatewayIPv4", WayOutKey6 = "DefaultGatewayIPv6";

    public bool IsIpv6 => Subnet.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
}
