using System.Net;

namespace Berth.Network.Firewall;

/// <summary>A bridge's port and what belongs to the container behind it: nobody else on a network that keeps its containers apart may speak with those.</summary>
/// <param name="Port">The host's end of the pair.</param>
/// <param name="HardwareAddress">Of the container's interface.</param>
/// <param name="Addresses">Of both families.</param>
internal sealed record PortPlace(string Port, MacAddress HardwareAddress, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>Null where it has no port.</summary>
    public static PortPlace? Of(Endpoint endpoint) => endpoint.HostInterface is not { } port
        ? null
        : new PortPlace(port, endpoint.MacAddress, [.. ((IPAddress?[])[endpoint.Address, endpoint.Ipv6Address, .. endpoint.LinkLocal]).OfType<IPAddress>().Distinct()]);
}
