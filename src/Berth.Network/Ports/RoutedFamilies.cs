using System.Net;
using System.Net.Sockets;

using Berth.Network.Networks;

namespace Berth.Network.Ports;

/// <summary>Which families of a network have their published ports at the containers' own addresses instead of the host's (gateway mode "routed").</summary>
/// <param name="Ipv4">IPv4 has.</param>
/// <param name="Ipv6">IPv6 has.</param>
/// <param name="All">Every family that the network speaks has: no port of the host leads there.</param>
internal readonly record struct RoutedFamilies(bool Ipv4, bool Ipv6, bool All)
{
    public static RoutedFamilies Of(Network network)
    {
        BridgeOptions options = BridgeOptions.Parse(network.Options);
        bool four = network.EnableIpv4 && options.Ipv4Mode == GatewayMode.Routed, six = network.EnableIpv6 && options.Ipv6Mode == GatewayMode.Routed;
        return new RoutedFamilies(four, six, (four || !network.EnableIpv4) && (six || !network.EnableIpv6));
    }

    /// <summary>Whether the family of an address of the host is one of them.</summary>
    public bool Has(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? Ipv6 : Ipv4;
}
