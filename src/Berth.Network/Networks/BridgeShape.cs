using System.Net;

namespace Berth.Network.Networks;

/// <summary>What a bridge on the host is to look like.</summary>
/// <param name="Name">The link.</param>
/// <param name="Addresses">Its own, each with the length of its prefix: the containers' gateways.</param>
/// <param name="Mtu">Bytes.</param>
/// <param name="Ipv6">IPv6 is spoken on it.</param>
/// <param name="InterContainer">Its ports reach each other directly; otherwise by way of the host, whose firewall decides.</param>
/// <param name="Found">It is not ours: the addresses it had before. Null: it is.</param>
internal sealed record BridgeShape(string Name, IReadOnlyList<(IPAddress Address, int PrefixLength)> Addresses, int Mtu, bool Ipv6, bool InterContainer, IReadOnlyList<string>? Found = null)
{
    /// <summary>The bridge of a network.</summary>
    public static BridgeShape Of(Network network)
    {
        BridgeOptions options = BridgeOptions.Parse(network.Options);
        return new BridgeShape(
            network.Bridge!,
            [
                .. network.Subnets.Where(s => s.Gateway is not null && !options.LacksGateway(s.IsIpv6, network.Internal) && (s.IsIpv6 ? network.EnableIpv6 : !options.InhibitIpv4)).Select(s => (s.Gateway!, s.Subnet.PrefixLength)),
            ],
            network.Mtu,
            network.EnableIpv6 && !options.LacksGateway(ipv6: true, network.Internal),
            options.InterContainer,
            network.FoundBridge);
    }
}
