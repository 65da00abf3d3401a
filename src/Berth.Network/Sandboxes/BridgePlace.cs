using System.Net;

namespace Berth.Network.Sandboxes;

/// <summary>What distinguishes one sandbox on a bridge from the next.</summary>
/// <param name="HostInterface">Our end of the pair.</param>
/// <param name="Address">IPv4.</param>
/// <param name="MacAddress">Of eth0.</param>
internal sealed record BridgePlace(string HostInterface, IPAddress Address, MacAddress MacAddress)
{
    /// <summary>Null: the bridge speaks none.</summary>
    public IPAddress? Ipv6Address { get; init; }
}
