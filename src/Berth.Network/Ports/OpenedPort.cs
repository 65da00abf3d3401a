using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Ports;

/// <summary>A published port that may be reached at its container's own address, by whomever the network's options let through.</summary>
/// <param name="Protocol">TCP, UDP, or 132 for SCTP.</param>
/// <param name="Address">The container's.</param>
/// <param name="Number">In the container.</param>
internal sealed record OpenedPort(ProtocolType Protocol, IPAddress Address, ushort Number)
{
    public bool IsIpv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;
}
