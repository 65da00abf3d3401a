using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Tests;

/// <summary>The daemon's options about the default bridge: --ip, --ipv6, --fixed-cidr, --default-gateway and their IPv6 forms.</summary>
public sealed class DefaultBridgeTests
{
    private static readonly SandboxRequest OnBridge = new() { Endpoints = [new EndpointRequest { Network = "bridge" }] };

    [Fact]
    public async Task ItSpeaksBothFamilies()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1", "c2");
        await using NetworkService service = await host.StartAsync(static o => o with { EnableIpv6 = true, Ipv6Range = IPNetwork.Parse("fd61::/80") });
        Network bridge = service.Find("bridge")!;
        Assert.True(bridge.EnableIpv6);
        Assert.Equal("fd61::1", bridge.Subnets[1].Gateway!.ToString());
        using Sandbox one = await service.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None), two = await service.Endpoints.TakeAsync("c2", OnBridge, CancellationToken.None);
        Assert.All(new[] { one, two }, s => Assert.True(IPNetwork.Parse("fd61::/80").Contains(s.Endpoints[0].Ipv6Address!)));
        using Socket listener = TcpProbe.Listen(two.Namespace, two.Endpoints[0].Ipv6Address!, 80);
        await TcpProbe.ReachesAsync(one.Namespace, listener.LocalEndPoint!);
        await TcpProbe.ReachesAsync(host.Namespace, listener.LocalEndPoint!);
        Assert.Contains("default via fd61::1 dev eth0", TestHost.RunProgramIn(one.Namespace, "ip", "-6", "route"), StringComparison.Ordinal);
        Assert.Contains("ip6 saddr fd61::/80", host.RunProgram("nft", "list", "chain", "inet", "berth-berth0", "postrouting"), StringComparison.Ordinal);
    }

    /// <summary>What was chosen once stays, and for whom has it over a start without IPv6 too; a container of the day before keeps its addresses.</summary>
    [Fact]
    public async Task TheSubnetChosenOnceIsKept()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1", "c2");
        NetworkService first = await host.StartAsync(static o => o with { EnableIpv6 = true });
        IPNetwork chosen = first.Find("bridge")!.Subnets[1].Subnet;
        using Sandbox one = await first.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None);
        await one.Recorded;
        await first.DisposeAsync();
        await (await host.StartAsync()).DisposeAsync();
        Assert.Contains("inet6", host.RunProgram("ip", "addr", "show", "berth0"), StringComparison.Ordinal); // a container lives on it
        await using NetworkService again = await host.StartAsync(static o => o with { EnableIpv6 = true });
        Assert.Equal(chosen, again.Find("bridge")!.Subnets[1].Subnet);
        Assert.Equal(one.Endpoints[0].Ipv6Address, again.Endpoints.Of("c1")[0].Ipv6Address);
        using Sandbox two = await again.Endpoints.TakeAsync("c2", OnBridge, CancellationToken.None);
        Assert.NotEqual(one.Endpoints[0].Ipv6Address, two.Endpoints[0].Ipv6Address);
        using Socket listener = TcpProbe.Listen(one.Namespace, one.Endpoints[0].Ipv6Address!, 80);
        await TcpProbe.ReachesAsync(two.Namespace, listener.LocalEndPoint!);
    }

    [Fact]
    public async Task AnAddressThatTheNextStartReplacesGoes()
    {
        using var host = new TestHost();
        await (await host.StartAsync(static o => o with { EnableIpv6 = true, Ipv6Range = IPNetwork.Parse("fd61::/64") })).DisposeAsync();
        await (await host.StartAsync(static o => o with { EnableIpv6 = true, Ipv6Range = IPNetwork.Parse("fd62::/64") })).DisposeAsync();
        string shown = host.RunProgram("ip", "addr", "show", "berth0");
        Assert.Contains("fd62::1/64", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("fd61::1/64", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContainersSendThroughTheGatewayNamed()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1", "c2");
        await using NetworkService service = await host.StartAsync(static o => o with { Range = IPNetwork.Parse("10.61.4.0/29"), DefaultGateway = IPAddress.Parse("10.61.4.2") });
        using Sandbox one = await service.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None);
        Assert.Equal(("10.61.4.3", "10.61.4.2"), (one.Endpoints[0].Address!.ToString(), one.Endpoints[0].Gateway!.ToString()));
        Assert.StartsWith("default via 10.61.4.2 dev eth0", TestHost.RunProgramIn(one.Namespace, "ip", "route"), StringComparison.Ordinal);
        Assert.Equal("10.61.4.1", service.Find("bridge")!.Subnets[0].Gateway!.ToString());

        // On other bridges by Docker's name for it among the auxiliary addresses.
        await service.CreateAsync(
            new NetworkDefinition { Name = "n", Subnets = [new SubnetDefinition("10.62.0.0/24", null, null, new Dictionary<string, string> { ["DefaultGatewayIPv4"] = "10.62.0.9" })] },
            static (_, _) => { },
            CancellationToken.None);
        using Sandbox two = await service.Endpoints.TakeAsync("c2", new SandboxRequest { Endpoints = [new EndpointRequest { Network = "n" }] }, CancellationToken.None);
        Assert.StartsWith("default via 10.62.0.9 dev eth0", TestHost.RunProgramIn(two.Namespace, "ip", "route"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortsWithoutAnAddressHaveTheBindings()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync(static o => o with { HostBinding = IPAddress.Loopback });
        using Sandbox one = await service.Endpoints.TakeAsync("c1", OnBridge with { Ports = [new PortRequest(ProtocolType.Tcp, 80, null, 8080, 8080)] }, CancellationToken.None);
        Assert.Equal(["127.0.0.1:8080/tcp"], service.Ports.Of("c1").Select(static p => p.ToString()));
    }
}
