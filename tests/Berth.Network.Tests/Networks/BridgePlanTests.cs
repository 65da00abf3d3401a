using System.Net;

using Berth.Linux.Netlink;
using Berth.Network.Networks;
using Berth.Storage;

namespace Berth.Network.Tests.Networks;

public sealed class BridgePlanTests
{
    private static readonly BridgeAddress Stored = Bridge("172.29.0.1/16");

    private static BridgeAddress Bridge(string text) => BridgeAddress.TryParse(text, out BridgeAddress? address) ? address : throw new FormatException(text);

    private static Link LinkOf(int index, string name) => new() { Index = index, Name = name, Kind = "", Master = 0, Flags = 0, Mtu = 1500, Address = [] };

    private static HostNetworks Host(string[] addresses, string[] routes, string own = "10.200.0.1/16") => new(
        [LinkOf(1, "lo"), LinkOf(2, "eth0"), LinkOf(3, "berth0")],
        [
            .. addresses.Select(a => IPNetworkOf(a, 2)),
            .. own.Length == 0 ? [] : (LinkAddress[])[IPNetworkOf(own, 3)],
        ],
        [new Route(null, 0, IPAddress.Parse("10.0.0.254"), 2), .. routes.Select(r => new Route(IPNetwork.Parse(r).BaseAddress, IPNetwork.Parse(r).PrefixLength, null, 2))]);

    private static LinkAddress IPNetworkOf(string text, int link) => new(link, IPAddress.Parse(text.Split('/')[0]), int.Parse(text.Split('/')[1]));

    [Fact]
    public void TheFirstSubnetThatNobodyUsesIsTaken()
    {
        HostNetworks host = Host(["172.30.9.9/24"], ["172.29.128.0/17", "172.24.0.0/13"], own: "");
        Assert.Equal("172.23.0.1/16", BridgePlan.Choose(new NetworkOptions(), null, inUse: false, host).Address.ToString());
    }

    [Fact]
    public void EveryDefaultPoolIsUsedBeforeGivingUp()
    {
        HostNetworks full = Host([], ["172.16.0.0/12", "192.168.0.0/16"], own: "");
        EngineException refused = Assert.Throws<EngineException>(() => BridgePlan.Choose(new NetworkOptions(), null, inUse: false, full));
        Assert.Contains("--bip", refused.Message, StringComparison.Ordinal);
        HostNetworks almost = Host([], ["172.16.0.0/12", "192.168.16.0/20", "192.168.32.0/19", "192.168.64.0/18", "192.168.128.0/17"], own: "");
        Assert.Equal("192.168.0.1/20", BridgePlan.Choose(new NetworkOptions(), null, inUse: false, almost).Address.ToString());
    }

    [Fact]
    public void WhatTheUserNamesComesFirstThenWhatWasKeptThenWhatTheBridgeHas()
    {
        HostNetworks host = Host([], []);
        var named = new NetworkOptions { BridgeAddress = Bridge("10.3.0.1/24") };
        Assert.Equal("10.3.0.1/24", BridgePlan.Choose(named, Stored, inUse: false, host).Address.ToString());
        Assert.Equal(Stored, BridgePlan.Choose(new NetworkOptions(), Stored, inUse: false, host).Address);
        Assert.Equal("10.200.0.1/16", BridgePlan.Choose(new NetworkOptions(), null, inUse: false, host).Address.ToString());
    }

    [Fact]
    public void AKeptSubnetThatNowCollidesIsGivenUpUnlessContainersLiveInIt()
    {
        HostNetworks host = Host([], ["172.29.1.0/24"]);
        Assert.Equal("172.30.0.1/16", BridgePlan.Choose(new NetworkOptions(), Stored, inUse: false, host).Address.ToString());
        Assert.Equal(Stored, BridgePlan.Choose(new NetworkOptions(), Stored, inUse: true, host).Address);
    }

    [Fact]
    public void PacketsAreNoLargerThanTheWayOutTakes()
    {
        HostNetworks host = Host([], []);
        HostNetworks tunnel = host with { Links = [.. host.Links.Select(l => l.Name == "eth0" ? l with { Mtu = 1400 } : l)] };
        HostNetworks jumbo = host with { Links = [.. host.Links.Select(l => l with { Mtu = 9000 })] };
        Assert.Equal(1500, BridgePlan.Choose(new NetworkOptions(), null, inUse: false, host).Mtu);
        Assert.Equal(1400, BridgePlan.Choose(new NetworkOptions(), null, inUse: false, tunnel).Mtu);
        Assert.Equal(1500, BridgePlan.Choose(new NetworkOptions(), null, inUse: false, jumbo).Mtu);
        Assert.Equal(9000, BridgePlan.Choose(new NetworkOptions { Mtu = 9000 }, null, inUse: false, tunnel).Mtu);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sixteen-letters!")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("..")]
    [InlineData("a\"b")]
    public void ANameTheKernelRefusesIsRefused(string name) =>
        Assert.Throws<EngineException>(() => BridgePlan.Choose(new NetworkOptions { BridgeName = name }, null, inUse: false, Host([], [])));
}
