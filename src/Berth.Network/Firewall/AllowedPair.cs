using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Firewall;

/// <summary>A container that may reach one port of another although their network keeps its containers apart (--link with icc off).</summary>
internal sealed record AllowedPair(IPAddress From, IPAddress To, ProtocolType Protocol, ushort Port)
{
    /// <summary>What a link opens, in the families that both places have.</summary>
    public static IEnumerable<AllowedPair> Of(LinkedPorts link) =>
        from ends in (IEnumerable<(IPAddress? From, IPAddress? To)>)[(link.From.Address, link.To.Address), (link.From.Ipv6Address, link.To.Ipv6Address)]
        where ends is { From: not null, To: not null }
        from port in link.Ports
        select new AllowedPair(ends.From!, ends.To!, port.Protocol, port.Number);

    public bool IsIpv6 => From.AddressFamily == AddressFamily.InterNetworkV6;
}
