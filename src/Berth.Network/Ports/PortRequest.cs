using System.Net;
using System.Net.Sockets;

namespace Berth.Network;

/// <summary>A container's port that is to be reached at the host.</summary>
/// <param name="Protocol">TCP, UDP or 132 for SCTP.</param>
/// <param name="ContainerPort">In the container.</param>
/// <param name="HostAddress">Of the host; null: every one, of both families.</param>
/// <param name="First">The first host port that will do; 0: any.</param>
/// <param name="Last">The last one.</param>
public sealed record PortRequest(ProtocolType Protocol, ushort ContainerPort, IPAddress? HostAddress, ushort First, ushort Last)
{
    /// <summary>Whether a published port is one that this asks for.</summary>
    public bool Covers(PublishedPort port) => Protocol == port.Protocol && ContainerPort == port.ContainerPort
        && (port.OnHost ? CoversHost(port) : HostAddress is null || HostAddress.AddressFamily == port.HostAddress.AddressFamily);

    private bool CoversHost(PublishedPort port) => (HostAddress is null || HostAddress.Equals(port.HostAddress))
        && (First == 0 || (port.HostPort >= First && port.HostPort <= Last));
}
