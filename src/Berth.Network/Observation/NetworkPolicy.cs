using Berth.Network.Networks;
using Berth.Network.Ports;

namespace Berth.Network;

/// <summary>Who may talk to whom on a network, of its options.</summary>
/// <param name="InterContainer">Its containers reach each other (com.docker.network.bridge.enable_icc).</param>
/// <param name="EgressLimited">An allow list of names says what is reached outside.</param>
/// <param name="Unprotected">Every port of its containers is reached from elsewhere by IPv4 (gateway mode "nat-unprotected").</param>
public sealed record NetworkPolicy(bool InterContainer, bool EgressLimited, bool Unprotected)
{
    /// <summary>Published ports are at the containers' own addresses, of every family: the host has none for them.</summary>
    public bool Routed { get; init; }

    public static NetworkPolicy Of(Network network)
    {
        BridgeOptions options = network.Driver == NetworkDrivers.Bridge ? BridgeOptions.Parse(network.Options) : new BridgeOptions();
        return new NetworkPolicy(options.InterContainer, options.EgressAllow is not null, options.Ipv4Mode == GatewayMode.NatUnprotected && !network.Internal)
        {
            Routed = network.Driver == NetworkDrivers.Bridge && RoutedFamilies.Of(network).All,
        };
    }
}
