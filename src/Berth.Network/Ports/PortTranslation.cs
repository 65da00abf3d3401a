using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Ports;

/// <summary>A port of the host that leads to a port of a container.</summary>
/// <param name="Protocol">TCP, UDP, or 132 for SCTP.</param>
/// <param name="HostAddress">Of the host; the family's "any" for all of them.</param>
/// <param name="HostPort">On the host.</param>
/// <param name="Target">The container's address, of the same family.</param>
/// <param name="TargetPort">In the container.</param>
internal sealed record PortTranslation(ProtocolType Protocol, IPAddress HostAddress, ushort HostPort, IPAddress Target, ushort TargetPort)
{
    public bool IsIpv6 => HostAddress.AddressFamily == AddressFamily.InterNetworkV6;

    public bool OnEveryAddress => HostAddress.Equals(IPAddress.Any) || HostAddress.Equals(IPAddress.IPv6Any);
}
