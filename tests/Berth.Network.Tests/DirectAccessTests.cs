using System.Net;
using System.Net.Sockets;

using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;

namespace Berth.Network.Tests;

/// <summary>Networks whose options let packets in at containers' own addresses: com.docker.network.bridge.gateway_mode_* and trusted_host_interfaces.</summary>
public sealed class DirectAccessTests
{
    private const string ModeKey = "com.docker.network.bridge.gateway_mode_ipv4", Mode6Key = "com.docker.network.bridge.gateway_mode_ipv6";

    private static readonly PortRequest[] Web = [new(ProtocolType.Tcp, 80, null, 8080, 8080)];

    [Fact]
    public async Task ARoutedNetworkOpensPublishedPortsAtTheirOwnAddress()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1", "c2", "c3");
        await using NetworkService service = await host.StartAsync();
        using var outside = new OutsideHost(host);
        LeadToHost(outside);
        await CreateAsync(service, "routed", "10.61.0.0/24", (ModeKey, "routed"));
        using Sandbox web = await TakeAsync(service, "c1", "routed", Web), neighbour = await TakeAsync(service, "c3", "routed"), other = await TakeAsync(service, "c2", "bridge");
        IPAddress address = web.Endpoints[0].Address!;
        using Socket open = TcpProbe.Listen(web.Namespace, address, 80), shut = TcpProbe.Listen(web.Namespace, address, 81);
        await TcpProbe.ReachesAsync(outside.Namespace, new IPEndPoint(address, 80));
        await TcpProbe.ReachesAsync(other.Namespace, new IPEndPoint(address, 80));
        await TcpProbe.ReachesAsync(neighbour.Namespace, new IPEndPoint(address, 81));
        Assert.Equal(SocketError.TimedOut, TcpProbe.Connect(outside.Namespace, new IPEndPoint(address, 81)));
        Assert.Equal(SocketError.TimedOut, TcpProbe.Connect(other.Namespace, new IPEndPoint(address, 81)));
        Assert.True(Answers(outside, address));

        // The host has no port for it, and what leaves has the container's address.
        Assert.Equal([new PublishedPort(ProtocolType.Tcp, 80, IPAddress.Any, 0)], service.Ports.Of("c1"));
        Assert.Empty(web.Ports);
        Assert.Equal(SocketError.ConnectionRefused, TcpProbe.Connect(outside.Namespace, new IPEndPoint(OutsideHost.HostsAddress, 8080)));
        Task<IPAddress> seen = outside.AcceptOneAsync();
        await TcpProbe.ReachesAsync(web.Namespace, outside.Server);
        Assert.Equal(address, await seen);

        (await service.Ports.RemoveAsync("c1", static _ => true)).Dispose();
        Assert.Equal(SocketError.TimedOut, TcpProbe.Connect(outside.Namespace, new IPEndPoint(address, 80)));
    }

    /// <summary>A daemon that starts anew finds them in its rows; who leaves takes its ports along.</summary>
    [Fact]
    public async Task OpenedPortsOutliveTheDaemonAndEndWithTheirContainer()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        using var outside = new OutsideHost(host);
        LeadToHost(outside);
        NetworkService first = await host.StartAsync();
        await CreateAsync(first, "routed", "10.61.0.0/24", (ModeKey, "routed"));
        using Sandbox web = await TakeAsync(first, "c1", "routed", Web);
        await first.DisposeAsync();
        host.RunProgram("nft", "delete", "table", "inet", "berth-berth0");
        await using NetworkService next = await host.StartAsync();
        string listed = host.RunProgram("nft", "list", "set", "inet", "berth-berth0", "opened4");
        Assert.Contains($"{web.Endpoints[0].Address} . tcp . 80", listed, StringComparison.Ordinal);
        await next.Endpoints.ReleaseAsync("c1");
        Assert.DoesNotContain("tcp", host.RunProgram("nft", "list", "set", "inet", "berth-berth0", "opened4"), StringComparison.Ordinal);
    }

    /// <summary>A sender that goes on and on is not let through to whoever has the port's address next.</summary>
    [Fact]
    public async Task DatagramsEndWithTheirPort()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        using var outside = new OutsideHost(host);
        LeadToHost(outside);
        await CreateAsync(service, "routed", "10.61.0.0/24", (ModeKey, "routed"));
        using Sandbox one = await TakeAsync(service, "c1", "routed", new PortRequest(ProtocolType.Udp, 53, null, 0, 0));
        var at = new IPEndPoint(one.Endpoints[0].Address!, 53);
        using Socket server = Datagrams(one.Namespace, at), client = Datagrams(outside.Namespace, new IPEndPoint(OutsideHost.Address, 0));
        await TestHost.UntilAsync(() => Arrives(), "a datagram arrives");
        _ = server.SendTo([2], client.LocalEndPoint!); // from its answer on the kernel holds it to have begun
        Assert.True(client.Poll(TimeSpan.FromSeconds(5), SelectMode.SelectRead));
        (await service.Ports.RemoveAsync("c1", static _ => true)).Dispose();
        while (server.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead))
        {
            _ = server.Receive(new byte[8]); // on its way before
        }

        Assert.False(Arrives());

        bool Arrives()
        {
            _ = client.SendTo([1], at);
            return server.Poll(TimeSpan.FromMilliseconds(500), SelectMode.SelectRead);
        }
    }

    [Fact]
    public async Task OneFamilyIsRoutedAndTheOtherTranslated()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        await CreateAsync(service, "mixed", "10.61.0.0/24", (Mode6Key, "routed"), ("com.docker.network.enable_ipv6", "true"));
        using Sandbox web = await TakeAsync(service, "c1", "mixed", Web);
        Assert.Equal(
            [new PublishedPort(ProtocolType.Tcp, 80, IPAddress.IPv6Any, 0), new PublishedPort(ProtocolType.Tcp, 80, IPAddress.Any, 8080)], service.Ports.Of("c1"));
        Assert.Equal(["0.0.0.0"], web.Ports.Select(static p => p.Port.HostAddress));
        Assert.Contains($"{web.Endpoints[0].Ipv6Address} . tcp . 80", host.RunProgram("nft", "list", "set", "inet", "berth-berth0", "opened6"), StringComparison.Ordinal);
    }

    /// <summary>The way out changes between networks of both modes: there the port is one of the host, here it is not.</summary>
    [Fact]
    public async Task PortsAreChosenAnewWhereTheModeDiffers()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        await CreateAsync(service, "routed", "10.61.0.0/24", (ModeKey, "routed"));
        using Sandbox web = await TakeAsync(service, "c1", "routed", Web);
        Endpoint left = (await service.Endpoints.DisconnectAsync("c1", web.Namespace, service.Find("routed")!.Id))!;
        _ = await service.Endpoints.ConnectAsync("c1", web.Namespace, new EndpointRequest { Network = "bridge" }, null);
        using PortChange moved = await service.Ports.MoveAsync("c1", left);
        Assert.True(moved.IsEmpty);
        Assert.Empty(service.Ports.Of("c1"));
        using PortChange added = await service.Ports.AddAsync("c1", Web, throughHost: false);
        Assert.Equal(2, added.Add.Count);
    }

    [Fact]
    public async Task AnUnprotectedNetworkIsOpenToEverybody()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1", "c2");
        await using NetworkService service = await host.StartAsync();
        using var outside = new OutsideHost(host);
        LeadToHost(outside);
        await CreateAsync(service, "open", "10.61.0.0/24", (ModeKey, "nat-unprotected"));
        using Sandbox web = await TakeAsync(service, "c1", "open"), other = await TakeAsync(service, "c2", "bridge");
        using Socket listener = TcpProbe.Listen(web.Namespace, web.Endpoints[0].Address!, 81);
        await TcpProbe.ReachesAsync(outside.Namespace, listener.LocalEndPoint!);
        await TcpProbe.ReachesAsync(other.Namespace, listener.LocalEndPoint!);
        Task<IPAddress> seen = outside.AcceptOneAsync();
        await TcpProbe.ReachesAsync(web.Namespace, outside.Server);
        Assert.Equal(OutsideHost.HostsAddress, await seen);
    }

    /// <summary>Published ports only, and from that interface only.</summary>
    [Theory]
    [InlineData("outside0:wg0", true)]
    [InlineData("wg0", false)]
    public async Task ATrustedInterfaceReachesPublishedPorts(string trusted, bool reaches)
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        using var outside = new OutsideHost(host);
        LeadToHost(outside);
        await CreateAsync(service, "trusting", "10.61.0.0/24", ("com.docker.network.bridge.trusted_host_interfaces", trusted));
        using Sandbox web = await TakeAsync(service, "c1", "trusting", new PortRequest(ProtocolType.Tcp, 80, IPAddress.Loopback, 8080, 8080));
        IPAddress address = web.Endpoints[0].Address!;
        using Socket open = TcpProbe.Listen(web.Namespace, address, 80), shut = TcpProbe.Listen(web.Namespace, address, 81);
        if (reaches)
        {
            await TcpProbe.ReachesAsync(outside.Namespace, new IPEndPoint(address, 80));
        }
        else
        {
            Assert.Equal(SocketError.TimedOut, TcpProbe.Connect(outside.Namespace, new IPEndPoint(address, 80)));
        }

        Assert.Equal(SocketError.TimedOut, TcpProbe.Connect(outside.Namespace, new IPEndPoint(address, 81)));
        (await service.Ports.RemoveAsync("c1", static _ => true)).Dispose();
        Assert.Equal(SocketError.TimedOut, TcpProbe.Connect(outside.Namespace, new IPEndPoint(address, 80)));
    }

    /// <summary>com.docker.network.host_ipv4: one of the host's addresses instead of the interface's first.</summary>
    [Fact]
    public async Task WhatLeavesHasTheAddressAskedFor()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        using var outside = new OutsideHost(host);
        IPAddress second = IPAddress.Parse("198.51.100.7");
        host.Routes.Execute(new NetlinkBatch().AddAddress(new LinkAddress(host.Routes.FindLink("outside0")!.Index, second, 24)).AcknowledgeLast());
        await CreateAsync(service, "second", "10.61.0.0/24", ("com.docker.network.host_ipv4", second.ToString()));
        using Sandbox one = await TakeAsync(service, "c1", "second");
        Task<IPAddress> seen = outside.AcceptOneAsync();
        await TcpProbe.ReachesAsync(one.Namespace, outside.Server);
        Assert.Equal(second, await seen);
    }

    [Fact]
    public async Task TheHostHasNoPlaceOnAnIsolatedNetwork()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1", "c2");
        await using NetworkService service = await host.StartAsync();
        Network network = await service.CreateAsync(
            new NetworkDefinition
            {
                Name = "inner", Internal = true, EnableIpv6 = true, Subnets = [new SubnetDefinition("10.61.0.0/24", null, null, null)],
                Options = new Dictionary<string, string> { [ModeKey] = "isolated", [Mode6Key] = "isolated" },
            },
            static (_, _) => { },
            CancellationToken.None);
        int bridge = host.Routes.FindLink(network.Bridge!)!.Index;
        Assert.DoesNotContain(host.Routes.Addresses(), a => a.LinkIndex == bridge);
        using Sandbox one = await TakeAsync(service, "c1", "inner"), two = await TakeAsync(service, "c2", "inner");
        Assert.Equal("10.61.0.1", one.Endpoints[0].Address?.ToString()); // no gateway has it
        using Socket listener = TcpProbe.Listen(two.Namespace, two.Endpoints[0].Address!, 80);
        await TcpProbe.ReachesAsync(one.Namespace, listener.LocalEndPoint!);
        Assert.NotNull(TcpProbe.Connect(host.Namespace, listener.LocalEndPoint!));
        Assert.DoesNotContain("default", TestHost.RunProgramIn(one.Namespace, "ip", "route"), StringComparison.Ordinal);
    }

    private static Task<Network> CreateAsync(NetworkService service, string name, string subnet, params (string Key, string Value)[] options) => service.CreateAsync(
        new NetworkDefinition { Name = name, Subnets = [new SubnetDefinition(subnet, null, null, null)], Options = options.ToDictionary(static o => o.Key, static o => o.Value) },
        static (_, _) => { },
        CancellationToken.None);

    private static async Task<Sandbox> TakeAsync(NetworkService service, string id, string network, params PortRequest[] ports)
    {
        Sandbox sandbox = await service.Endpoints.TakeAsync(id, new SandboxRequest { Endpoints = [new EndpointRequest { Network = network }], Ports = ports }, CancellationToken.None);
        await sandbox.Recorded;
        return sandbox;
    }

    // An echo request (RFC 792): with zeros behind its type, its checksum is that of the type alone.
    private static bool Answers(OutsideHost outside, IPAddress address) => NetworkNamespace.Run(outside.Namespace, () =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        _ = socket.SendTo([8, 0, 0xf7, 0xff, 0, 0, 0, 0], new IPEndPoint(address, 0));
        return socket.Poll(TimeSpan.FromSeconds(5), SelectMode.SelectRead);
    });

    private static Socket Datagrams(Linux.Files.FileDescriptor space, IPEndPoint at) => NetworkNamespace.Run(space, () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(at);
        return socket;
    });

    // The outside has a route to containers: as on a wire that somebody can set one up on.
    private static void LeadToHost(OutsideHost outside) => NetworkNamespace.Run(outside.Namespace, () =>
    {
        using NetlinkSocket inside = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
        inside.Execute(new NetlinkBatch().AddRoute(new Route(null, 0, OutsideHost.HostsAddress, 0)).AcknowledgeLast());
        return true;
    });
}
