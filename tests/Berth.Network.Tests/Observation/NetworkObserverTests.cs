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
        TestHost.RunProgramIn(sandbox.Namespace, "ping", "-c", "3", "-s", "1000", "-i", "0.01", "172.30.0.1");
        IReadOnlyList<LinkStatistics> found = await service.Observer.TrafficAsync(sandbox.Namespace);
        Assert.Contains(found, l => l.Name == "lo");
        LinkStatistics eth0 = Assert.Single(found, l => l.Name == "eth0");
        Assert.True(eth0 is { SentBytes: > 3000, ReceivedBytes: > 3000, SentPackets: >= 3, ReceivedPackets: >= 3 }, eth0.ToString());
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
    public async Task AMissingTableIsNoticed()
    {
        using var host = new TestHost();
        using var thread = new NetworkThread(host.Namespace, _ => { });
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
    public void OptionsSayWhoMayTalk(string key, string value, bool interContainer, bool limited) => Assert.Equal(
        new NetworkPolicy(interContainer, limited),
        NetworkPolicy.Of(new Network { Id = "1", Name = "n", Driver = NetworkDrivers.Bridge, Created = DateTimeOffset.UnixEpoch, Options = new Dictionary<string, string> { [key] = value } }));
}
