using System.Net;
using System.Net.Sockets;

using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;

namespace Berth.Network.Tests;

/// <summary>Who reaches whom.</summary>
public sealed class ReachTests
{
    private static readonly SandboxRequest OnBridge = new() { Endpoints = [new EndpointRequest { Network = "bridge" }] };

    [Fact]
    public async Task TheOutsideIsReachedWithTheHostsAddress()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        using var outside = new OutsideHost(host);
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None);
        Task<IPAddress> seen = outside.AcceptOneAsync();
        await TcpProbe.ReachesAsync(sandbox.Namespace, outside.Server);
        Assert.Equal(OutsideHost.HostsAddress, await seen);
    }

    /// <summary>As on a host where dockerd ran first.</summary>
    [Fact]
    public async Task AForwardChainThatDropsLetsContainersOut()
    {
        using var host = new TestHost();
        host.RunProgram("iptables-nft", "-P", "FORWARD", "DROP");
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        using var outside = new OutsideHost(host);
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None);
        Task<IPAddress> seen = outside.AcceptOneAsync();
        await TcpProbe.ReachesAsync(sandbox.Namespace, outside.Server);
        Assert.Equal(OutsideHost.HostsAddress, await seen);
    }

    [Fact]
    public async Task ContainersReachEachOtherAndTheHostReachesThem()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1", "c2");
        await using NetworkService service = await host.StartAsync();
        using Sandbox one = await service.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None);
        using Sandbox two = await service.Endpoints.TakeAsync("c2", OnBridge, CancellationToken.None);
        using Socket listener = TcpProbe.Listen(two.Namespace, two.Endpoints[0].Address!);
        await TcpProbe.ReachesAsync(one.Namespace, listener.LocalEndPoint!);
        await TcpProbe.ReachesAsync(host.Namespace, listener.LocalEndPoint!);
    }

    [Fact]
    public async Task TheOutsideDoesNotReachAContainerThatPublishesNothing()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        using var outside = new OutsideHost(host);
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None);
        using Socket listener = TcpProbe.Listen(sandbox.Namespace, sandbox.Endpoints[0].Address!);
        NetworkNamespace.Run(outside.Namespace, () =>
        {
            using NetlinkSocket inside = NetlinkSocket.Open(Linux.Interop.Libc.NETLINK_ROUTE);
            inside.Execute(new NetlinkBatch().AddRoute(new Route(null, 0, OutsideHost.HostsAddress, 0)).AcknowledgeLast());
            return true;
        });
        Assert.Equal(SocketError.TimedOut, TcpProbe.Connect(outside.Namespace, listener.LocalEndPoint!));
    }

    /// <summary>CVE-2020-8558: with route_localnet on a bridge, a neighbour's packets to 127.0.0.1 are delivered unless something drops them.</summary>
    [Fact]
    public async Task TheHostsLoopbackIsOutOfReachEvenWithRouteLocalnet()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        host.RunProgram("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/berth0/route_localnet");
        using Socket listener = TcpProbe.Listen(host.Namespace, IPAddress.Loopback);
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None);

        // What the attack does: lo's own claim on 127/8 is removed, then the bridge is the way to 127.0.0.1.
        const string Attack = "echo 1 > /proc/sys/net/ipv4/conf/eth0/route_localnet && ip addr del 127.0.0.1/8 dev lo && ip route add 127.0.0.1/32 via 172.30.0.1 dev eth0 && ip route flush table local 127.0.0.0/8; ip route del local 127.0.0.0/8 dev lo table local; true";
        TestHost.RunProgramIn(sandbox.Namespace, "sh", "-c", Attack);
        Assert.Equal(SocketError.TimedOut, TcpProbe.Connect(sandbox.Namespace, listener.LocalEndPoint!));

        // The rule is what stops it: without the table the same packets arrive.
        host.RunProgram("nft", "delete", "table", "inet", "berth-berth0");
        await TcpProbe.ReachesAsync(sandbox.Namespace, listener.LocalEndPoint!);
    }
}
