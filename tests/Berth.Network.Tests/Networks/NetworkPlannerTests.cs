using System.Net;

using Berth.Linux.Netlink;
using Berth.Network.Networks;
using Berth.Storage;

namespace Berth.Network.Tests.Networks;

/// <summary>What somebody asks for becomes a network, or an error that says why not.</summary>
public sealed class NetworkPlannerTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly HostNetworks Bare = new([], [], []);

    private static Network Plan(NetworkDefinition asked, IReadOnlyList<Network>? existing = null, HostNetworks? host = null, params string[] pools) => new NetworkPlanner(
        new NetworkOptions { AddressPools = pools.Length > 0 ? [.. pools.Select(static p => IPNetwork.Parse(p))] : [IPNetwork.Parse("10.1.0.0/24"), IPNetwork.Parse("10.2.0.0/24")] },
        existing ?? [],
        host ?? Bare).Plan(asked, Id, DateTimeOffset.UnixEpoch);

    private static EngineException Refused(NetworkDefinition asked, params Network[] existing) => Assert.Throws<EngineException>(() => Plan(asked, existing));

    private static NetworkDefinition With(params (string Key, string Value)[] options) => new() { Name = "n", Options = options.ToDictionary(static o => o.Key, static o => o.Value) };

    private static NetworkDefinition On(params string[] subnets) => new() { Name = "n", EnableIpv6 = true, Subnets = [.. subnets.Select(static s => new SubnetDefinition(s, null, null, null))] };

    private static string[] Subnets(Network network) => [.. network.Subnets.Select(static s => $"{s.Subnet}")];

    [Fact]
    public void TheFirstFreePoolIsTaken()
    {
        Network first = Plan(new NetworkDefinition { Name = "a" });
        Assert.Equal(["10.1.0.0/24"], Subnets(first));
        Assert.Equal("br-0123456789ab", first.Bridge);
        Network second = Plan(new NetworkDefinition { Name = "b", Options = new Dictionary<string, string> { ["com.docker.network.bridge.name"] = "mine0" } }, [first]);
        Assert.Equal(["10.2.0.0/24"], Subnets(second));
        Assert.Equal("mine0", second.Bridge);
        Assert.Equal(EngineErrorKind.Unavailable, Assert.Throws<EngineException>(() => Plan(With(("com.docker.network.bridge.name", "br9")), [first, second])).Kind);
    }

    /// <summary>Neither an address nor a route of the host is shadowed.</summary>
    [Theory]
    [InlineData("10.1.0.9", 24)]
    [InlineData("10.1.0.0", 16)]
    [InlineData("10.1.0.128", 32)]
    public void WhatTheHostHasIsPassedOver(string destination, int length)
    {
        var host = new HostNetworks([], [], [new Route(IPAddress.Parse(destination), length, null, 7)]);
        Assert.Equal(["10.2.0.0/24"], Subnets(Plan(new NetworkDefinition { Name = "a" }, host: host)));
        var owned = new HostNetworks([], [new LinkAddress(7, IPAddress.Parse(destination), length)], []);
        Assert.Equal(["10.2.0.0/24"], Subnets(Plan(new NetworkDefinition { Name = "a" }, host: owned)));
    }

    [Fact]
    public void Ipv6IsChosenFromPoolsOrMadeUp()
    {
        Assert.Equal(["10.1.0.0/24", "fd12::/64"], Subnets(Plan(new NetworkDefinition { Name = "a", EnableIpv6 = true }, null, null, "10.1.0.0/24", "fd12::/64")));
        IPNetwork made = Plan(new NetworkDefinition { Name = "a", EnableIpv6 = true }).Subnets[1].Subnet;
        Assert.Equal((64, 0xfd), (made.PrefixLength, made.BaseAddress.GetAddressBytes()[0]));
        Assert.Equal(["10.9.0.0/24", "fd09::/64"], Subnets(Plan(On("fd09::/64", "10.9.0.0/24"))).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("10.9.0.0/24", "10.9.0.128/25")]
    [InlineData("fd09::/64", "fd09::/80")]
    public void OneSubnetOfAFamily(string one, string other) => Assert.Equal(EngineErrorKind.Invalid, Refused(On(one, other)).Kind);

    [Fact]
    public void OverlapsAreRefusedWithTheirHolder()
    {
        Network holder = Plan(On("10.9.0.0/24", "fd09::/64"));
        EngineException refused = Refused(On("10.9.0.128/25", "fd10::/64") with { Name = "b" }, holder with { Bridge = "other0" });
        Assert.Equal(EngineErrorKind.Forbidden, refused.Kind);
        Assert.Contains("network n", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    [InlineData("host")]
    [InlineData("container:a")]
    public void NamesThatCannotBe(string name) => Assert.Throws<EngineException>(() => Plan(new NetworkDefinition { Name = name }));

    [Theory]
    [InlineData("com.docker.network.driver.mtu", "67")]
    [InlineData("com.docker.network.driver.mtu", "big")]
    [InlineData("com.docker.network.bridge.enable_icc", "maybe")]
    [InlineData("com.docker.network.bridge.name", "a/b")]
    [InlineData("com.docker.network.bridge.name", "longer-than-a-link")]
    [InlineData("com.docker.network.bridge.host_binding_ipv4", "eth0")]
    [InlineData("com.docker.network.bridge.default_bridge", "true")]
    [InlineData("com.docker.network.bridge.gateway_mode_ipv4", "bridged")]
    [InlineData("com.docker.network.bridge.gateway_mode_ipv6", "isolated")] // and not internal
    [InlineData("com.docker.network.bridge.trusted_host_interfaces", "eth0:a/b")]
    [InlineData("com.docker.network.host_ipv4", "::1")]
    [InlineData("com.docker.network.host_ipv6", "0.0.0.0")]
    [InlineData("com.docker.network.what", "1")]
    [InlineData("berth.what", "1")]
    [InlineData("berth.egress.allow", "")]
    [InlineData("berth.egress.allow", "a*.example.com")]
    [InlineData("berth.egress.allow", "192.0.2.1")]
    public void OptionsThatCannotBeAreNamed(string key, string value)
    {
        string message = Refused(With((key, value))).Message;
        Assert.True(message.Contains(key, StringComparison.Ordinal) || (value.Length > 0 && message.Contains(value, StringComparison.Ordinal)), message);
    }

    [Fact]
    public void OptionsAreUnderstood()
    {
        BridgeOptions parsed = BridgeOptions.Parse(With(
            ("com.docker.network.bridge.enable_icc", "false"), ("com.docker.network.bridge.enable_ip_masquerade", "0"), ("com.docker.network.bridge.host_binding_ipv4", "127.0.0.1"),
            ("com.docker.network.driver.mtu", "1400"), ("com.docker.network.container_iface_prefix", "net"), ("com.example.label", "anything"), ("berth.egress.allow", "a.example.com")).Options);
        Assert.Equal((false, false, "127.0.0.1", 1400, "net", "a.example.com"), (parsed.InterContainer, parsed.Masquerade, $"{parsed.HostBinding}", parsed.Mtu!.Value, parsed.InterfacePrefix, parsed.EgressAllow));
        Assert.Equal(["wg0", "eth1"], BridgeOptions.Parse(With(("com.docker.network.bridge.trusted_host_interfaces", ":wg0:eth1::wg0")).Options).TrustedInterfaces);
        Assert.Equal(IPAddress.IPv6Any, BridgeOptions.Parse(With(("com.docker.network.bridge.host_binding_ipv4", "::")).Options).HostBinding);
        Assert.Null(BridgeOptions.Parse(With(("com.docker.network.bridge.host_binding_ipv4", "0.0.0.0")).Options).HostBinding);
    }

    /// <summary>An isolated family has no gateway, also after its row was read again; one that was asked for is nobody else's, and not the bridge's.</summary>
    [Fact]
    public void AnIsolatedFamilyHasNoGateway()
    {
        (string, string)[] isolated = [("com.docker.network.bridge.gateway_mode_ipv4", "isolated")];
        Network network = Plan(With(isolated) with { Internal = true, EnableIpv6 = true }, null, null, "10.1.0.0/24", "fd12::/64");
        Assert.Equal([null, "fd12::1"], network.Subnets.Select(static s => s.Gateway?.ToString()));
        Assert.Null(SubnetText.Parse(SubnetText.Of(network.Subnets[0])).Gateway);
        Assert.Equal(["fd12::1"], BridgeShape.Of(network).Addresses.Select(static a => a.Address.ToString()));
        Network named = Plan(With(isolated) with { Internal = true, Subnets = [new SubnetDefinition("10.9.0.0/24", null, "10.9.0.7", null)] });
        Assert.Equal("10.9.0.7", named.Subnets[0].Gateway?.ToString());
        Assert.Empty(BridgeShape.Of(named).Addresses);
        Assert.False(BridgeShape.Of(Plan(With(("com.docker.network.bridge.gateway_mode_ipv6", "isolated")) with { Internal = true, EnableIpv6 = true })).Ipv6);
    }

    /// <summary>The highest priority leads out, then the first name; internal networks never.</summary>
    [Fact]
    public void OneNetworkLeadsOut()
    {
        static (Network, Endpoint) Place(string name, int priority, bool isInternal = false, bool ipv6 = false) => (
            new Network { Id = name, Name = name, Driver = "bridge", Created = DateTimeOffset.UnixEpoch, Internal = isInternal },
            new Endpoint
            {
                Id = name, NetworkId = name, ContainerId = "c", MacAddress = new MacAddress(2), GatewayPriority = priority,
                Gateway = IPAddress.Parse("10.0.0.1"), Ipv6Gateway = ipv6 ? IPAddress.Parse("fd00::1") : null,
            });
        static (string?, string?) Leading(params (Network, Endpoint)[] places)
        {
            Endpoints.GatewayChoice choice = Endpoints.GatewayChoice.Of(places);
            return (choice.Ipv4?.Id, choice.Ipv6?.Id);
        }

        Assert.Equal(("a", null), Leading(Place("b", 0), Place("a", 0)));
        Assert.Equal(("b", null), Leading(Place("b", 1), Place("a", 0)));
        Assert.Equal(("b", null), Leading(Place("b", -1), Place("a", 9, isInternal: true)));
        Assert.Equal(("a", "b"), Leading(Place("b", 0, ipv6: true), Place("a", 0)));
        Assert.Equal((null, null), Leading(Place("a", 0, isInternal: true)));
    }
}
