using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Network.Sandboxes;

namespace Berth.Network.Tests.Observation;

public sealed class NetworkObserverTests
{
    [Fact]
    public async Task TrafficIsCountedAsTheContainerSeesIt()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge" }] }, CancellationToken.None);
        using Socket socket = NetworkNamespace.Run(sandbox.Namespace, static () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        LinkStatistics eth0 = await EthernetAsync(service, sandbox);
        // Nobody listens there: the packet is answered by a message about that.
        socket.SendTo(new byte[1000], new IPEndPoint(IPAddress.Parse("172.30.0.1"), 9));
        for (var clock = Stopwatch.StartNew(); (eth0.SentBytes < 1000 || eth0.ReceivedBytes == 0) && clock.Elapsed < TimeSpan.FromSeconds(30);)
        {
            eth0 = await EthernetAsync(service, sandbox);
        }

        Assert.True(eth0 is { SentBytes: >= 1000, ReceivedBytes: > 0, SentPackets: >= 1, ReceivedPackets: >= 1, SentErrors: 0, ReceivedErrors: 0 }, eth0.ToString());
    }

    [Fact]
    public async Task TheHostsLinksAndTableAreSeen()
    {
        using var host = new TestHost();
        await using NetworkService service = await host.StartAsync();
        HostObservation seen = await service.Observer.HostAsync();
        Assert.True(seen.FirewallPresent);
        Assert.Equal("berth-berth0", seen.FirewallTable);
        Assert.Contains(seen.Links, l => l.Name == "berth0");
    }

    [Fact]
    public async Task AContainersAddressesAreSeenAsTheyAre()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge" }] }, CancellationToken.None);
        Assert.Contains(sandbox.Endpoints[0].Address, await service.Observer.AddressesAsync(sandbox.Namespace));
        TestHost.RunProgramIn(sandbox.Namespace, "ip", "address", "flush", "dev", "eth0");
        Assert.DoesNotContain(sandbox.Endpoints[0].Address, await service.Observer.AddressesAsync(sandbox.Namespace));
    }

    [Fact]
    public async Task AMissingTableIsNoticed()
    {
        using var host = new TestHost();
        using var thread = new NetworkThread(host.Options);
        await thread.Opened;
        Assert.False((await new NetworkObserver(thread, "berth0").HostAsync()).FirewallPresent);
    }

    [Fact]
    public void ACarrierIsThereWhereBothEndsAreUp()
    {
        using var host = new TestHost();
        host.RunProgram("ip", "link", "add", "a0", "type", "veth", "peer", "name", "b0");
        host.RunProgram("ip", "link", "set", "a0", "up");
        Assert.False(host.Routes.FindLink("a0")!.HasCarrier);
        host.RunProgram("ip", "link", "set", "b0", "up");
        Assert.True(NetworkNamespace.Run(host.Namespace, () => host.Routes.FindLink("a0")!.HasCarrier));
    }

    [Theory]
    [InlineData("com.docker.network.bridge.enable_icc", "false", false, false)]
    [InlineData("berth.egress.allow", "example.com", true, true)]
    [InlineData("com.docker.network.driver.mtu", "1400", true, false)]
    [InlineData("com.docker.network.bridge.gateway_mode_ipv4", "routed", true, false, true)]
    public void OptionsSayWhoMayTalk(string key, string value, bool interContainer, bool limited, bool routed = false) => Assert.Equal(
        new NetworkPolicy(interContainer, limited, Unprotected: false) { Routed = routed },
        NetworkPolicy.Of(new Network { Id = "1", Name = "n", Driver = NetworkDrivers.Bridge, Created = DateTimeOffset.UnixEpoch, Options = new Dictionary<string, string> { [key] = value } }));

    private static async Task<LinkStatistics> EthernetAsync(NetworkService service, Sandbox sandbox)
    {
        IReadOnlyList<LinkStatistics> found = await service.Observer.TrafficAsync(sandbox.Namespace);
        Assert.Contains(found, l => l.Name == "lo");
        return Assert.Single(found, l => l.Name == "eth0");
    }
}
