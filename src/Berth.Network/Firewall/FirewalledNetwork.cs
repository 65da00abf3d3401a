using System.Net;

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
    /// <summary>Of a bridge network.</summary>
    public static FirewalledNetwork Of(Network network)
    {
        BridgeOptions options = BridgeOptions.Parse(network.Options);
        return new FirewalledNetwork(
            network.Bridge!, [.. network.Subnets.Select(s => s.Subnet)], network.Internal, options.InterContainer, options.Masquerade, options.EgressAllow is not null);
    }
}
