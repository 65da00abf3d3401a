using System.Net;
using System.Net.Sockets;

using Berth.Network.Ports;
using Berth.Oci.Monitor;

namespace Berth.Network.Tests.Ports;

/// <summary>By whom a published port gets to its container: the kernel, the monitor, or the monitor under its clients' addresses.</summary>
public sealed class PortRouteTests
{
    private static Endpoint At(string? four, string? six, bool throughHost = false) => new()
    {
        Id = "e",
        NetworkId = "n",
        ContainerId = "c",
        MacAddress = new MacAddress(0x0242_0000_0002),
        Address = four is null ? null : IPAddress.Parse(four),
        PrefixLength = 16,
        Ipv6Address = six is null ? null : IPAddress.Parse(six),
        Ipv6PrefixLength = 64,
        ThroughHost = throughHost,
    };

    [Theory]
    [InlineData("0.0.0.0", "10.0.0.2", null, false, false, "10.0.0.2", MonitorPortMode.Hold, "10.0.0.2", 16)]
    [InlineData("::", "10.0.0.2", null, false, false, null, MonitorPortMode.Proxy, "10.0.0.2", 0)]
    [InlineData("::", "10.0.0.2", "fd00::2", false, false, "fd00::2", MonitorPortMode.Proxy, "fd00::2", 64)]
    [InlineData("0.0.0.0", null, "fd00::2", false, false, null, MonitorPortMode.Proxy, "fd00::2", 0)]
    [InlineData("0.0.0.0", "10.0.0.2", null, true, false, null, MonitorPortMode.Transparent, "10.0.0.2", 16)]
    [InlineData("::", "10.0.0.2", "fd00::2", true, false, null, MonitorPortMode.Transparent, "fd00::2", 64)]
    [InlineData("::", "10.0.0.2", null, true, false, null, MonitorPortMode.Proxy, "10.0.0.2", 0)]
    [InlineData("0.0.0.0", "10.0.0.2", null, false, true, "10.0.0.2", MonitorPortMode.Proxy, "10.0.0.2", 16)]
    [InlineData("0.0.0.0", "10.0.0.2", null, true, true, null, MonitorPortMode.Transparent, "10.0.0.2", 16)]
    public void EachFamilyHasItsWay(string host, string? four, string? six, bool throughHost, bool apart, string? translated, MonitorPortMode mode, string target, int prefix)
    {
        var port = new PublishedPort(ProtocolType.Tcp, 80, IPAddress.Parse(host), 8080);
        Endpoint endpoint = At(four, six, throughHost);
        Assert.Equal(translated, PortRoute.Translation(port, endpoint)?.Target.ToString());
        MonitorPort held = PortRoute.Monitor(port, endpoint, apart);
        Assert.Equal((mode, target, prefix, (ushort)80), (held.Mode, held.TargetAddress, held.TargetPrefixLength, held.TargetPort));
    }

    /// <summary>Nobody passes SCTP on but the kernel.</summary>
    [Theory]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", true)]
    public void SctpIsOnlyHeld(string host, bool throughHost) =>
        Assert.Equal(MonitorPortMode.Hold, PortRoute.Monitor(new PublishedPort(PublishedPort.Sctp, 80, IPAddress.Parse(host), 8080), At("10.0.0.2", "fd00::2", throughHost), apart: true).Mode);
}
