using System.Net;
using System.Net.Sockets;

using Berth.Linux.Netlink;
using Berth.Network.Endpoints;
using Berth.Network.Networks;
using Berth.Storage;

namespace Berth.Network.Tests;

/// <summary>Networks that stand on an interface of the host: macvlan and ipvlan.</summary>
public sealed class ParentNetworkTests : IDisposable
{
    private static readonly SandboxRequest OnLan = new() { Endpoints = [new EndpointRequest { Network = "lan" }] };

    private readonly TestHost _host = new();
    private readonly OutsideHost _outside;

    public ParentNetworkTests()
    {
        _outside = new OutsideHost(_host);
        TestHost.RunProgramIn(_outside.Namespace, "ip", "addr", "add", "fd00:51::2/64", "dev", "eth0", "nodad");
    }

    private static NetworkDefinition Lan { get; } = new()
    {
        Name = "lan",
        Driver = "macvlan",
        EnableIpv6 = true,
        Subnets = [new SubnetDefinition("198.51.100.0/24", "198.51.100.128/25", "198.51.100.2", null), new SubnetDefinition("fd00:51::/64", null, "fd00:51::2", null)],
        Options = new Dictionary<string, string> { ["parent"] = "outside0" },
    };

    public void Dispose()
    {
        _outside.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task ContainersAreOnTheParentsEthernet()
    {
        await _host.AddContainersAsync("c1", "c2");
        await using NetworkService service = await _host.StartAsync();
        Network network = await CreateAsync(service, Lan);
        Assert.Null(network.Bridge);
        using Sandbox one = await service.Endpoints.TakeAsync("c1", OnLan, CancellationToken.None);
        using Sandbox two = await service.Endpoints.TakeAsync("c2", OnLan, CancellationToken.None);
        Endpoint endpoint = one.Endpoints[0];
        Assert.Null(endpoint.HostInterface);
        Assert.True(new IPNetwork(IPAddress.Parse("198.51.100.128"), 25).Contains(endpoint.Address!));
        using Socket server = TcpProbe.Listen(one.Namespace, IPAddress.Any, 80), six = TcpProbe.Listen(one.Namespace, IPAddress.IPv6Any, 81);
        await TcpProbe.ReachesAsync(_outside.Namespace, new IPEndPoint(endpoint.Address!, 80));
        await TcpProbe.ReachesAsync(two.Namespace, new IPEndPoint(endpoint.Address!, 80));
        await TestHost.UntilAsync(() => !TestHost.RunProgramIn(one.Namespace, "ip", "-6", "addr").Contains("tentative", StringComparison.Ordinal), "IPv6 is ready");
        await TcpProbe.ReachesAsync(_outside.Namespace, new IPEndPoint(endpoint.Ipv6Address!, 81));
        Task<IPAddress> seen = _outside.AcceptOneAsync();
        await TcpProbe.ReachesAsync(two.Namespace, _outside.Server);
        Assert.Equal(two.Endpoints[0].Address, await seen);
        string routes = TestHost.RunProgramIn(one.Namespace, "ip", "route") + TestHost.RunProgramIn(one.Namespace, "ip", "-6", "route");
        Assert.Contains("default via 198.51.100.2", routes, StringComparison.Ordinal);
        Assert.Contains("default via fd00:51::2", routes, StringComparison.Ordinal);
        Assert.Contains("macvlan mode bridge", TestHost.RunProgramIn(one.Namespace, "ip", "-d", "link", "show", "eth0"), StringComparison.Ordinal);
    }

    /// <summary>While the namespace of a container's earlier life is still held by somebody, and also by a later daemon.</summary>
    [Fact]
    public async Task ARestartedContainerHasItsAddressAtOnce()
    {
        await _host.AddContainersAsync("c1");
        NetworkService service = await _host.StartAsync();
        await CreateAsync(service, Lan);
        var fixedAddress = new SandboxRequest { Endpoints = [new EndpointRequest { Network = "lan", Address = IPAddress.Parse("198.51.100.200") }] };
        using Sandbox first = await service.Endpoints.TakeAsync("c1", fixedAddress, CancellationToken.None);
        await service.Endpoints.ReleaseAsync("c1");
        using Sandbox second = await service.Endpoints.TakeAsync("c1", fixedAddress, CancellationToken.None);
        await second.Recorded;
        using Socket server = TcpProbe.Listen(second.Namespace, IPAddress.Any, 80);
        await TcpProbe.ReachesAsync(_outside.Namespace, new IPEndPoint(second.Endpoints[0].Address!, 80));
        await service.DisposeAsync();

        await using NetworkService next = await _host.StartAsync();
        await next.Endpoints.AdoptAsync([new LiveContainer("c1", "", new DnsSettings { ContainerName = "c1" })], CancellationToken.None);
        Assert.Equal("198.51.100.200", Assert.Single(next.Endpoints.Of("c1")).Address!.ToString());
        await TcpProbe.ReachesAsync(_outside.Namespace, new IPEndPoint(second.Endpoints[0].Address!, 80));
        Assert.NotNull(await next.Endpoints.DisconnectAsync("c1", second.Namespace, next.Find("lan")!.Id));
        Assert.DoesNotContain("eth0", TestHost.RunProgramIn(second.Namespace, "ip", "link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunningContainerComesOntoItAndLeaves()
    {
        await _host.AddContainersAsync("c1");
        await using NetworkService service = await _host.StartAsync();
        Network network = await CreateAsync(service, Lan);
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge" }] }, CancellationToken.None);
        for (int i = 0; i < 20; i++)
        {
            Endpoint endpoint = await service.Endpoints.ConnectAsync("c1", sandbox.Namespace, new EndpointRequest { Network = "lan", Address = IPAddress.Parse("198.51.100.130") }, null);
            Assert.Equal("eth1", endpoint.Interface);
            Assert.Equal(endpoint.Id, (await service.Endpoints.DisconnectAsync("c1", sandbox.Namespace, network.Id))!.Id);
        }

        Assert.DoesNotContain("eth1", TestHost.RunProgramIn(sandbox.Namespace, "ip", "link"), StringComparison.Ordinal);
        Assert.Contains("default via 172.30.0.1", TestHost.RunProgramIn(sandbox.Namespace, "ip", "route"), StringComparison.Ordinal);
        Assert.Empty(await service.RemoveAsync(network, static (_, _) => { }, CancellationToken.None));
        Assert.NotNull(_host.Routes.FindLink("outside0")); // was there before, stays
    }

    /// <summary>The way out is by the macvlan network; what is published is answered by the bridge network beside it, to the address that was asked.</summary>
    [Fact]
    public async Task PortsWorkByTheBridgeNetworkBesideIt()
    {
        await _host.AddContainersAsync("c1");
        await using NetworkService service = await _host.StartAsync();
        Network lan = await CreateAsync(service, Lan);
        await CreateAsync(service, new NetworkDefinition { Name = "front", EnableIpv6 = true });
        var request = new SandboxRequest
        {
            Endpoints = [new EndpointRequest { Network = "front" }, new EndpointRequest { Network = "lan", GatewayPriority = 1 }],
            Ports = [new PortRequest(ProtocolType.Tcp, 80, null, 8080, 8080)],
        };
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", request, CancellationToken.None);
        Assert.Equal(["front"], service.Endpoints.Of("c1").Where(e => e.Ports.Count > 0).Select(e => service.Find(e.NetworkId)!.Name));
        await AnswersAsync();
        Assert.Contains("default via 198.51.100.2", TestHost.RunProgramIn(sandbox.Namespace, "ip", "route"), StringComparison.Ordinal);

        // It leaves the network that led out, and comes back.
        await service.Endpoints.DisconnectAsync("c1", sandbox.Namespace, lan.Id);
        Assert.Equal("", Rules());
        await AnswersAsync();
        await service.Endpoints.ConnectAsync("c1", sandbox.Namespace, new EndpointRequest { Network = "lan", GatewayPriority = 1 }, null);
        Assert.NotEqual("", Rules());
        await AnswersAsync();

        async Task AnswersAsync()
        {
            TestHost.RunProgramIn(sandbox.Namespace, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter"); // a strict host's containers
            using Socket server = TcpProbe.Listen(sandbox.Namespace, IPAddress.Any, 80), six = TcpProbe.Listen(sandbox.Namespace, service.Endpoints.Of("c1").Single(e => e.Ports.Count > 0).Ipv6Address!, 80);
            _host.RunProgram("ip", "-6", "address", "replace", "fd00:51::1/64", "dev", "outside0", "nodad");
            await TcpProbe.ReachesAsync(_outside.Namespace, new IPEndPoint(OutsideHost.HostsAddress, 8080));
            await TcpProbe.ReachesAsync(_outside.Namespace, new IPEndPoint(IPAddress.Parse("fd00:51::1"), 8080));
            using Socket accepted = await server.AcceptAsync();
            Assert.Equal(OutsideHost.Address, ((IPEndPoint)accepted.RemoteEndPoint!).Address);
        }

        string Rules() => TestHost.RunProgramIn(sandbox.Namespace, "sh", "-c", "ip rule show table 25202; ip -6 rule show table 25202").Trim();
    }

    /// <summary>Pure: only what another network leads out for needs a way of its own.</summary>
    [Fact]
    public void AnswersNeedAWayOfTheirOwnWhereAnotherNetworkLeadsOut()
    {
        Endpoint Place(string id, string? gateway, string? gateway6) => new()
        {
            Id = id, NetworkId = id, ContainerId = "c", MacAddress = default, Interface = $"eth-{id}", PrefixLength = 24, Ipv6PrefixLength = 64,
            Address = IPAddress.Parse("10.0.0.2"), Gateway = gateway is null ? null : IPAddress.Parse(gateway),
            Ipv6Address = IPAddress.Parse("fd00::2"), Ipv6Gateway = gateway6 is null ? null : IPAddress.Parse(gateway6),
        };
        Endpoint front = Place("front", "10.0.0.1", "fd00::1"), four = Place("four", "10.0.0.1", null), lan = Place("lan", "198.51.100.2", null);
        string[] Of(GatewayChoice way, Endpoint? published) => [.. AnswerPath.Of(way, published).Select(p => $"{p.Source} {p.Interface} {p.PrefixLength} {p.Gateway}")];
        Assert.Equal(["10.0.0.2 eth-front 24 10.0.0.1"], Of(new GatewayChoice(lan, front), front));
        Assert.Equal(["10.0.0.2 eth-front 24 10.0.0.1", "fd00::2 eth-front 64 fd00::1"], Of(new GatewayChoice(lan, lan), front));
        Assert.Equal(["10.0.0.2 eth-four 24 10.0.0.1"], Of(new GatewayChoice(lan, front), four));
        Assert.Empty(Of(new GatewayChoice(front, front), front));
        Assert.Empty(Of(new GatewayChoice(lan, null), null));
    }

    [Fact]
    public async Task OneThatHasThePortOfPassthruHasItAlone()
    {
        await _host.AddContainersAsync("c1", "c2");
        await using NetworkService service = await _host.StartAsync();
        await CreateAsync(service, Lan with { Options = new Dictionary<string, string> { ["parent"] = "outside0", ["macvlan_mode"] = "passthru" } });
        using Sandbox one = await service.Endpoints.TakeAsync("c1", OnLan, CancellationToken.None);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => service.Endpoints.TakeAsync("c2", OnLan, CancellationToken.None));
        Assert.Contains("outside0", refused.Message, StringComparison.Ordinal);
        Assert.Empty(service.Endpoints.Of("c2"));
        await service.Endpoints.ReleaseAsync("c1");
        using Sandbox two = await service.Endpoints.TakeAsync("c2", OnLan, CancellationToken.None);
    }

    [Theory]
    [InlineData("ipvlan", "outside0", "ipvlan")]
    [InlineData("macvlan", "", "dummy")]
    [InlineData("macvlan", "outside0.10", "vlan")]
    public async Task WhatTheKernelLacksIsRefusedByNameAndLeavesNothing(string driver, string parent, string kind)
    {
        await using NetworkService service = await _host.StartAsync(static o => o with { ReadySandboxes = 0 });
        string[] before = [.. _host.Routes.Links().Select(l => l.Name).Order()];
        try
        {
            Network made = await CreateAsync(service, new NetworkDefinition { Name = "lan", Driver = driver, Options = new Dictionary<string, string> { ["parent"] = parent } });
            if (kind != "ipvlan")
            {
                Assert.Equal(kind, _host.Routes.FindLink(made.MadeLink!)!.Kind); // this kernel has it: it comes and goes with the network
            }

            Assert.Empty(await service.RemoveAsync(made, static (_, _) => { }, CancellationToken.None));
        }
        catch (EngineException e)
        {
            Assert.Equal(EngineErrorKind.NotImplemented, e.Kind);
            Assert.Contains(kind, e.Message, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Null(service.Find("lan"));
        Assert.Equal(before, _host.Routes.Links().Select(l => l.Name).Order());
    }

    [Theory]
    [InlineData("nowhere0", "bridge", "nowhere0 was not found")]
    [InlineData("nowhere0.10", "bridge", "nowhere0.10 was not found")]
    [InlineData("outside0.4095", "bridge", "was not found")]
    [InlineData("lo", "bridge", "loopback interface is not a valid macvlan parent")]
    [InlineData("outside0", "private", "network lan is already using parent interface outside0")]
    [InlineData("outside0", "passthru", "network lan is already using parent interface outside0")]
    [InlineData("outside0", "sideways", "'sideways' is not valid")]
    public async Task AParentThatWillNotDoIsRefused(string parent, string mode, string message)
    {
        await using NetworkService service = await _host.StartAsync();
        await CreateAsync(service, Lan);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => CreateAsync(
            service, new NetworkDefinition { Name = "other", Driver = "macvlan", Options = new Dictionary<string, string> { ["parent"] = parent, ["macvlan_mode"] = mode } }));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Null(service.Find("other"));
        await CreateAsync(service, new NetworkDefinition { Name = "beside", Driver = "macvlan", Options = new Dictionary<string, string> { ["parent"] = "outside0" } });
    }

    [Fact]
    public async Task AParentThatWentIsNamedAtStart()
    {
        await _host.AddContainersAsync("c1");
        await using NetworkService service = await _host.StartAsync();
        await CreateAsync(service, Lan);
        _host.RunProgram("ip", "link", "del", "outside0");
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => service.Endpoints.TakeAsync("c1", OnLan, CancellationToken.None));
        Assert.Contains("the parent interface outside0 of network lan was not found", refused.Message, StringComparison.Ordinal);
        Assert.Empty(service.Endpoints.Of("c1"));
    }

    [Theory]
    [InlineData("eth0.10", "eth0", 10)]
    [InlineData("bond0.1.4094", "bond0.1", 4094)]
    [InlineData("eth0", null, 0)]
    [InlineData("eth0.0", null, 0)]
    [InlineData("eth0.4095", null, 0)]
    [InlineData(".7", null, 0)]
    [InlineData("eth0.x", null, 0)]
    public void VlansAreNamedByTheirTag(string name, string? below, int tag) =>
        Assert.Equal(below is null ? null : (below, (ushort)tag), ParentLink.TaggedOf(name));

    private static Task<Network> CreateAsync(NetworkService service, NetworkDefinition definition) =>
        service.CreateAsync(definition, static (_, _) => { }, CancellationToken.None);
}
