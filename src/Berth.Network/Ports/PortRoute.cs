using System.Net;

using Berth.Oci.Monitor;

namespace Berth.Network.Ports;

/// <summary>
/// How a published port gets to its container: by the kernel where it can translate, by the container's monitor where it cannot (the host's ::1,
/// another family, back to where it came from on a network that keeps its containers apart) or is not to (the policy "host", where the host's own input rules
/// decide). Pure.
/// </summary>
internal static class PortRoute
{
    /// <summary>What the firewall does; null: nothing.</summary>
    /// <param name="port">The port.</param>
    /// <param name="endpoint">The container's place.</param>
    public static PortTranslation? Translation(PublishedPort port, Endpoint endpoint)
    {
        IPAddress? target = port.IsIpv6 ? endpoint.Ipv6Address : endpoint.Address;
        return endpoint.ThroughHost || target is null || !port.OnHost ? null : new PortTranslation(port.Protocol, port.HostAddress, port.HostPort, target, port.ContainerPort);
    }

    /// <summary>What is open at the container's own address; null: nothing, or it has none of that family.</summary>
    public static OpenedPort? Opened(PublishedPort port, Endpoint endpoint) =>
        (port.IsIpv6 ? endpoint.Ipv6Address : endpoint.Address) is { } address ? new OpenedPort(port.Protocol, address, port.ContainerPort) : null;

    /// <summary>What the monitor does with the port's socket.</summary>
    /// <param name="port">The port.</param>
    /// <param name="endpoint">The container's place.</param>
    /// <param name="apart">Its network keeps its containers apart: what they send to the port is not translated.</param>
    public static MonitorPort Monitor(PublishedPort port, Endpoint endpoint, bool apart)
    {
        IPAddress? same = port.IsIpv6 ? endpoint.Ipv6Address : endpoint.Address, other = port.IsIpv6 ? endpoint.Address : endpoint.Ipv6Address;

        // Of IPv6 also what the kernel translates: it does not for the host's own ::1, since route_localnet is IPv4's only
        // (Documentation/networking/ip-sysctl.rst). SCTP is only held: the monitor passes on streams of bytes and datagrams.
        bool passes = port.Protocol != PublishedPort.Sctp && (endpoint.ThroughHost || port.IsIpv6 || same is null || apart);
        return new MonitorPort
        {
            Protocol = port.ProtocolName,
            HostAddress = port.HostAddress.ToString(),
            HostPort = port.HostPort,
            Mode = !passes ? MonitorPortMode.Hold : endpoint.ThroughHost && same is not null ? MonitorPortMode.Transparent : MonitorPortMode.Proxy,
            TargetAddress = (same ?? other)?.ToString(),
            TargetPort = port.ContainerPort,
            TargetPrefixLength = same is null ? 0 : port.IsIpv6 ? endpoint.Ipv6PrefixLength : endpoint.PrefixLength,
        };
    }

    public static MonitorPortKey Key(PublishedPort port) => new() { Protocol = port.ProtocolName, HostAddress = port.HostAddress.ToString(), HostPort = port.HostPort };
}
