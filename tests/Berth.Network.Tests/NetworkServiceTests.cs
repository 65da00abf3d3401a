using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.Interop;

namespace Berth.Network.Tests;

public sealed class NetworkServiceTests
{
    private static readonly SandboxRequest OnBridge = new() { Endpoints = [new EndpointRequest { Network = "bridge" }] };

    [Fact]
    public async Task ASandboxHasAddressRouteAndNoIpv6()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None);
        Endpoint endpoint = sandbox.Endpoints[0];
        Assert.Equal("172.30.0.1", endpoint.Gateway!.ToString());
        Assert.Equal(16, endpoint.PrefixLength);
        Assert.Matches("^veth[0-9a-f]{7}$", endpoint.HostInterface);
        Assert.Matches("^[0-9a-f]{64}$", endpoint.Id);
        Assert.Contains(endpoint.HostInterface, host.Ports());

        (List<Link> links, List<LinkAddress> addresses, List<Route> routes, string disabled, string ofDefault) = NetworkNamespace.Run(sandbox.Namespace, () =>
        {
            using NetlinkSocket inside = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
            return (inside.Links(), inside.Addresses(), inside.Routes(), File.ReadAllText("/proc/sys/net/ipv6/conf/eth0/disable_ipv6"),
                File.ReadAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6"));
        });
        Link eth0 = Assert.Single(links, l => l.Name == "eth0");
        Assert.True(eth0.IsUp);
        Assert.True(Assert.Single(links, l => l.Name == "lo").IsUp);
        Assert.Equal(endpoint.MacAddress.ToBytes(), eth0.Address);
        Assert.Equal(MacAddress.Of(endpoint.Address!), endpoint.MacAddress);
        Assert.Equal(new LinkAddress(eth0.Index, endpoint.Address!, 16), Assert.Single(addresses, a => a.LinkIndex == eth0.Index));
        Assert.Contains(routes, r => r.Destination is null && endpoint.Gateway.Equals(r.Gateway));
        Assert.Equal("1\n", disabled);
        Assert.Equal("0\n", ofDefault);
        Assert.Equal([endpoint], service.Endpoints.Of("c1"));
        Assert.Equal([endpoint], service.Endpoints.On(endpoint.NetworkId));
    }

    [Fact]
    public async Task ASandboxWithoutNetworkHasLoopbackOnly()
    {
        using var host = new TestHost();
        await using NetworkService service = await host.StartAsync();
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", new SandboxRequest { Endpoints = [new EndpointRequest { Network = "none" }] }, CancellationToken.None);
        Assert.Empty(sandbox.Endpoints);
        List<Link> links = NetworkNamespace.Run(sandbox.Namespace, () =>
        {
            using NetlinkSocket inside = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
            return inside.Links();
        });
        Assert.True(Assert.Single(links, l => l.IsUp).Name == "lo");
        Assert.DoesNotContain(links, l => l.Name == "eth0");
    }
}
