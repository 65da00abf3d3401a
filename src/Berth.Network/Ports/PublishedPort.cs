using System.Net;
using System.Net.Sockets;

namespace Berth.Network;

/// <summary>A port of the host that belongs to a container.</summary>
/// <param name="Protocol">TCP, UDP or 132 for SCTP.</param>
/// <param name="ContainerPort">In the container.</param>
/// <param name="HostAddress">Of the host; the family's "any" for all of them.</param>
/// <param name="HostPort">On the host.</param>
public sealed record PublishedPort(ProtocolType Protocol, ushort ContainerPort, IPAddress HostAddress, ushort HostPort)
{
    /// <summary>SCTP, which .NET does not name.</summary>
    public const ProtocolType Sctp = (ProtocolType)132;

    /// <summary>The host's port leads to it. False: it is open at the container's own address instead (gateway mode "routed"), and has the host port 0.</summary>
    public bool OnHost => HostPort != 0;

    public bool IsIpv6 => HostAddress.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>"tcp", "udp" or "sctp".</summary>
    public string ProtocolName => NameOf(Protocol);

    /// <summary>"0.0.0.0:8080/tcp", "[::]:53/udp".</summary>
    public override string ToString() => OnHost
        ? $"{new IPEndPoint(HostAddress, HostPort)}/{ProtocolName}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ContainerPort}/{ProtocolName} at its own {(IsIpv6 ? "IPv6" : "IPv4")} address");

    public static string NameOf(ProtocolType protocol) => protocol switch
    {
        ProtocolType.Tcp => "tcp",
        ProtocolType.Udp => "udp",
        _ => "sctp",
    };
}
