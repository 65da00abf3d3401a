using Berth.Api;
using Berth.Engine.Networks;
using Berth.Storage;

namespace Berth.Engine.Tests.Networks;

public sealed class ContainerNetworksTests
{
    private static IReadOnlyDictionary<string, EndpointSettings> Of(string? mode, string? mac = null, params (string Network, EndpointSettings Settings)[] asked) => ContainerNetworks.Of(
        new ContainerCreateRequest { MacAddress = mac, NetworkingConfig = new NetworkingConfig { EndpointsConfig = asked.ToDictionary(static a => a.Network, static a => (EndpointSettings?)a.Settings)! } },
        new HostConfig { NetworkMode = mode },
        disabled: false);

    private static string Refused(Action act) => Assert.Throws<EngineException>(act).Message;

    [Fact]
    public void TheModeIsTheFirstNetwork()
    {
        Assert.Equal(["bridge"], Of(null).Keys);
        Assert.Equal(["none"], Of("none").Keys);
        Assert.Equal(["a", "b"], Of("a", null, ("b", new EndpointSettings())).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["bridge"], Of("bridge", null, ("default", new EndpointSettings())).Keys);
        Assert.Empty(Of("container:other"));
        Assert.Equal(["none"], ContainerNetworks.Of(new ContainerCreateRequest(), new HostConfig { NetworkMode = "a" }, disabled: true).Keys);
    }

    [Fact]
    public void TheContainersMacAddressIsThatOfItsFirstNetwork()
    {
        Assert.Equal("02:42:00:00:00:09", Of("a", "02:42:00:00:00:09")["a"].MacAddress);
        Refused(() => Of("a", "02:42:00:00:00:09", ("a", new EndpointSettings { MacAddress = "02:42:00:00:00:08" })));
        Refused(() => Of("a", "not:one"));
    }

    [Fact]
    public void WhatDoesNotGoTogetherIsRefused()
    {
        var address = new EndpointSettings { IPAMConfig = new EndpointIPAMConfig { IPv4Address = "10.0.0.9" } };
        Assert.Contains("user defined networks only", Refused(() => Of("bridge", null, ("bridge", address))), StringComparison.Ordinal);
        Assert.Contains("alias", Refused(() => Of("bridge", null, ("bridge", new EndpointSettings { Aliases = ["a"] }))), StringComparison.Ordinal);
        Assert.Contains("host with a", Refused(() => Of("host", null, ("a", address))), StringComparison.Ordinal);
        Refused(() => Of("container:other", null, ("a", address)));
        Assert.Contains("2001:db8::1", Refused(() => Of("a", null, ("a", new EndpointSettings { IPAMConfig = new EndpointIPAMConfig { IPv4Address = "2001:db8::1" } }))), StringComparison.Ordinal);
        Assert.Contains("x", Refused(() => Of("a", null, ("a", new EndpointSettings { IPAMConfig = new EndpointIPAMConfig { LinkLocalIPs = ["x"] } }))), StringComparison.Ordinal);
        Assert.Contains("com.example.what", Refused(() => Of("a", null, ("a", new EndpointSettings { DriverOpts = new Dictionary<string, string> { ["com.example.what"] = "1" } }))), StringComparison.Ordinal);
        var options = new EndpointSettings { DriverOpts = new Dictionary<string, string> { ["com.docker.network.endpoint.ifname"] = "wan0" } };
        Assert.Contains("com.docker.network.endpoint.ifname and the network mode", Refused(() => Of("host", null, ("host", options))), StringComparison.Ordinal);
        Assert.Equal("10.0.0.9", Of("a", null, ("a", address))["a"].IPAMConfig!.IPv4Address);
    }

    /// <summary>Clients send back what a daemon answered: addresses of an earlier run are no wish.</summary>
    [Fact]
    public void OnlyWishesAreKept()
    {
        EndpointSettings kept = ContainerNetworks.Wanted(new EndpointSettings { IPAddress = "10.0.0.2", Gateway = "10.0.0.1", NetworkID = "n", Aliases = ["a", "a"], IPAMConfig = new EndpointIPAMConfig { IPv4Address = "" } });
        Assert.Null(kept.IPAMConfig);
        Assert.True(string.IsNullOrEmpty(kept.IPAddress));
        Assert.Equal(["a"], kept.Aliases!);
    }
}
