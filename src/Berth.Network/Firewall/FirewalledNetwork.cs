using System.Net;
using System.Net.Sockets;

using Berth.Network.Networks;

namespace Berth.Network.Firewall;

/// <summary>A bridge as the firewall sees it.</summary>
/// <param name="Bridge">The link.</param>
/// <param name="Subnets">Of both families.</param>
/// <param name="Internal">No way in or out.</param>
/// <param name="InterContainer">Containers on it reach each other.</param>
/// <param name="Masquerade">What leaves gets the host's address.</param>
/// <param name="EgressLimited">What leaves must go to an address that the allow list's names stand for.</param>
internal sealed record FirewalledNetwork(string Bridge, IReadOnlyList<IPNetwork> Subnets, bool Internal, bool InterContainer, bool Masquerade, bool EgressLimited)
{
    public GatewayMode Ipv4Mode { get; init; }

    public GatewayMode Ipv6Mode { get; init; }

    /// <summary>Interfaces of the host from which published ports are reached at the containers' own addresses.</summary>
    public IReadOnlyList<string> TrustedInterfaces { get; init; } = [];

    /// <summary>What leaves gets this address; null: that of the interface it leaves by.</summary>
    public IPAddress? SourceIpv4 { get; init; }

    public IPAddress? SourceIpv6 { get; init; }

    public IPAddress? SourceOf(IPNetwork subnet) => subnet.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? SourceIpv6 : SourceIpv4;

    public GatewayMode ModeOf(IPNetwork subnet) => subnet.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? Ipv6Mode : Ipv4Mode;

    /// <summary>Of a bridge network.</summary>
    public static FirewalledNetwork Of(Network network)
    {
        BridgeOptions options = BridgeOptions.Parse(network.Options);
        return new FirewalledNetwork(
            network.Bridge!, [.. network.Subnets.Select(s => s.Subnet)], network.Internal, options.InterContainer, options.Masquerade, options.EgressAllow is not null)
        {
            Ipv4Mode = options.Ipv4Mode,
            Ipv6Mode = options.Ipv6Mode,
            TrustedInterfaces = options.TrustedInterfaces,
            SourceIpv4 = options.SourceIpv4,
            SourceIpv6 = options.SourceIpv6,
        };
    }
}
