using System.Net;
using System.Net.Sockets;

using Berth.Api;
using Berth.Network;

namespace Berth.Engine.Ports;

/// <summary>Which published ports are meant. Null members stand for any.</summary>
internal sealed record PortPattern(ProtocolType Protocol, ushort ContainerPort, IPAddress? HostAddress, ushort First, ushort Last)
{
    /// <exception cref="Storage.EngineException">Invalid: names the port.</exception>
    public static IReadOnlyList<PortPattern> Parse(IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> bindings) =>
        [.. PortBindings.Parse(bindings).Select(r => new PortPattern(r.Protocol, r.ContainerPort, r.HostAddress, r.First, r.Last))];

    public bool Matches(PublishedPort port) => Matches(port.Protocol, port.ContainerPort)
        && (HostAddress is null || HostAddress.Equals(port.HostAddress))
        && (First == 0 || (port.HostPort >= First && port.HostPort <= Last));

    /// <summary>Whether a binding as it was written is meant.</summary>
    public bool Matches(PortRequest wanted) => Matches(wanted.Protocol, wanted.ContainerPort)
        && (HostAddress is null || HostAddress.Equals(wanted.HostAddress))
        && (First == 0 || (wanted.First >= First && wanted.Last <= Last));

    private bool Matches(ProtocolType protocol, ushort port) => Protocol == protocol && ContainerPort == port;
}
