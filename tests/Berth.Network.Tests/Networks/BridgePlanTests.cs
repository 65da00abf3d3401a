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

    /// <summary>A bridge that stood before the first start of that name is an administrator's; one that was not there, or is gone, is ours.</summary>
    [Fact]
    public void AFoundBridgeKeepsItsMtu()
    {
        HostNetworks host = Host([], []);
        host = host with { Links = [.. host.Links.Select(l => l.Name == "berth0" ? l with { Mtu = 1400 } : l)] };
        BridgePlan Choose(NetworkOptions options, NetworkDocument? former, bool stands = true) =>
            BridgePlan.Choose(options, null, inUse: false, stands ? host : host with { Links = [.. host.Links.Where(l => l.Name != "berth0")] }, former: former);
        var named = new NetworkOptions { BridgeName = "berth0" };
        NetworkDocument ours = new() { Bridge = "berth0" }, theirs = ours with { FoundBridge = ["10.200.0.1"] };
        Assert.Equal((1400, "10.200.0.1"), (Choose(named, null).Mtu, Assert.Single(Choose(named, null).Found!)));
        Assert.Equal((1400, "10.200.0.1"), (Choose(named, theirs).Mtu, Assert.Single(Choose(named, theirs).Found!)));
        Assert.Equal(1300, Choose(named with { Mtu = 1300 }, theirs).Mtu); // the containers'
        Assert.Equal((1500, null), (Choose(named, ours).Mtu, Choose(named, ours).Found));
        Assert.Equal((1500, null), (Choose(named, theirs, stands: false).Mtu, Choose(named, theirs, stands: false).Found));
        Assert.Null(Choose(named, null, stands: false).Found);
    }

    [Theory]
    [InlineData("127.0.0.1/8", "loopback")]
    [InlineData("0.0.0.1/8", "this host")]
    [InlineData("224.0.0.1/8", "multicast")]
    [InlineData("240.0.0.1/8", "reserved")]
    [InlineData("169.254.0.1/16", "link-local")]
    public void AnAddressOfSpecialUseIsRefused(string address, string use)
    {
        var options = new NetworkOptions { BridgeAddress = Bridge(address) };
        Assert.Contains(use, Assert.Throws<EngineException>(() => BridgePlan.Choose(options, null, inUse: false, Host([], []))).Message, StringComparison.Ordinal);
    }

    /// <summary>dockerd with live-restore does the same: running containers' way out stays.</summary>
    [Fact]
    public void WhatContainersLiveOnStaysUntilTheyAreGone()
    {
        var options = new NetworkOptions { BridgeAddress = Bridge("10.99.0.1/24"), DefaultGateway = IPAddress.Parse("10.99.0.254"), Range = IPNetwork.Parse("10.99.0.128/25") };
        BridgePlan kept = BridgePlan.Choose(options, Stored, inUse: true, Host([], []));
        Assert.Equal((Stored, null, null, "10.99.0.1/24"), (kept.Address, kept.DefaultGateway, kept.Range, kept.Later));
        BridgePlan changed = BridgePlan.Choose(options, Stored, inUse: false, Host([], []));
        Assert.Equal(("10.99.0.1/24", null), (changed.Address.ToString(), changed.Later));
        Assert.Null(BridgePlan.Choose(new NetworkOptions { BridgeAddress = Stored }, Stored, inUse: true, Host([], [])).Later);

        Assert.True(BridgeAddress.TryParseIpv6("fd01::1/64", out BridgeAddress? six));
        BridgePlan without = BridgePlan.Choose(new NetworkOptions(), Stored, inUse: true, Host([], []), six, ipv6InUse: true);
        Assert.Equal((six, "no IPv6"), (without.Ipv6Address, without.Later));
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

    /// <summary>--fixed-cidr alone is the subnet; a wider one that is there, or named, stays.</summary>
    [Theory]
    [InlineData(null, null, "10.9.4.1/24")]
    [InlineData("10.9.0.1/16", null, "10.9.0.1/16")]
    [InlineData(null, "10.9.0.1/16", "10.9.0.1/16")]
    [InlineData(null, "172.29.0.1/16", "10.9.4.1/24")]
    public void ARangeLiesInTheSubnet(string? named, string? stored, string expected)
    {
        var options = new NetworkOptions { Range = IPNetwork.Parse("10.9.4.0/24"), BridgeAddress = named is null ? null : Bridge(named) };
        Assert.Equal(expected, BridgePlan.Choose(options, stored is null ? null : Bridge(stored), inUse: false, Host([], [])).Address.ToString());
    }

    [Fact]
    public void Ipv6IsNamedKeptOrChosen()
    {
        HostNetworks host = Host([], []);
        BridgeAddress? Six(NetworkOptions options, string? stored = null) => BridgePlan.Choose(
            options, Stored, inUse: false, host, stored is null ? null : BridgeAddress.TryParseIpv6(stored, out BridgeAddress? address) ? address : null, [IPNetwork.Parse("fd11::/64")]).Ipv6Address;
        var speaking = new NetworkOptions { EnableIpv6 = true };
        Assert.Null(Six(new NetworkOptions(), "fd09::1/64"));
        Assert.Equal("fd09::1/64", Six(speaking, "fd09::1/64")!.ToString());
        Assert.Equal("fd10::1/80", Six(speaking with { Ipv6Range = IPNetwork.Parse("fd10::/80") }, "fd09::1/64")!.ToString());
        Assert.True(BridgeAddress.TryParseIpv6("fd10::5/64", out BridgeAddress? named));
        Assert.Equal(named, Six(speaking with { BridgeIpv6Address = named, Ipv6Range = IPNetwork.Parse("fd10::/80") }));
        Assert.Equal(0xfd, Six(speaking)!.Address.GetAddressBytes()[0]);
        Assert.Equal("fd12::1/64", Six(speaking with { AddressPools = [IPNetwork.Parse("fd11::/64"), IPNetwork.Parse("fd12::/64")] })!.ToString()); // another network has the first
    }

    [Theory]
    [InlineData("--fixed-cidr", "172.28.0.0/24", null, null)]
    [InlineData("--default-gateway", null, "172.28.0.1", null)]
    [InlineData("--fixed-cidr-v6", null, null, "fd10::/80")]
    public void OptionsThatDoNotFitAreNamed(string option, string? range, string? gateway, string? range6)
    {
        var options = new NetworkOptions
        {
            BridgeAddress = Stored,
            Range = range is null ? null : IPNetwork.Parse(range),
            DefaultGateway = gateway is null ? null : IPAddress.Parse(gateway),
            Ipv6Range = range6 is null ? null : IPNetwork.Parse(range6),
        };
        Assert.Contains(option, Assert.Throws<EngineException>(() => BridgePlan.Choose(options, null, inUse: false, Host([], []))).Message, StringComparison.Ordinal);
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
