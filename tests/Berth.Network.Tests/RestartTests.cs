using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Network.Networks;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network.Tests;

/// <summary>Daemons that went away, and what the next one makes of it.</summary>
public sealed class RestartTests
{
    private static readonly SandboxRequest OnBridge = new() { Endpoints = [new EndpointRequest { Network = "bridge" }] };

    [Fact]
    public async Task LiveContainersKeepTheirLinkAndStrangersLoseTheirs()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("live", "ended");
        NetworkService first = await host.StartAsync();
        using Sandbox live = await first.Endpoints.TakeAsync("live", OnBridge, CancellationToken.None);
        using Sandbox ended = await first.Endpoints.TakeAsync("ended", OnBridge, CancellationToken.None);
        await Task.WhenAll(live.Recorded, ended.Recorded);
        IReadOnlyList<Network> networks = first.Networks;
        await first.DisposeAsync();

        // What a killed daemon may leave: a link on the bridge that no row names, its namespace kept by somebody.
        using FileDescriptor strangers = NetworkNamespace.Create();
        int bridge = host.Routes.FindLink("berth0")!.Index;
        host.Routes.Execute(new NetlinkBatch().AddVethPair(new VethPair
        {
            Name = "veth0a1b2c3", Master = bridge, PeerName = "eth0", PeerAddress = [2, 0, 0, 0, 0, 1], PeerNamespace = strangers,
        }).AcknowledgeLast());

        await using NetworkService second = await host.StartAsync();
        Assert.DoesNotContain("veth0a1b2c3", host.Ports());
        Assert.Equal(networks.Select(n => n.Id), second.Networks.Select(n => n.Id));
        Assert.Equal(live.Endpoints[0].Id, Assert.Single(second.Endpoints.Of("live")).Id);
        Assert.Contains(ended.Endpoints[0].HostInterface, host.Ports());

        await second.Endpoints.AdoptAsync([new LiveContainer("live", "", new DnsSettings { ContainerName = "live" })], CancellationToken.None);
        Assert.Empty(second.Endpoints.Of("ended"));
        ended.Dispose(); // what its last process would do
        await TestHost.UntilAsync(() => !host.Ports().Contains(ended.Endpoints[0].HostInterface), "the ended container's link is gone");
        Assert.Contains(live.Endpoints[0].HostInterface, host.Ports());
        await host.AddContainersAsync("next");
        using Sandbox next = await second.Endpoints.TakeAsync("next", OnBridge, CancellationToken.None);
        Assert.NotEqual(live.Endpoints[0].Address, next.Endpoints[0].Address);
    }

    [Fact]
    public async Task BridgeAndRulesAreRepaired()
    {
        using var host = new TestHost();
        await (await host.StartAsync()).DisposeAsync();
        host.RunProgram("nft", "flush", "ruleset");
        host.RunProgram("ip", "addr", "flush", "dev", "berth0");
        host.RunProgram("ip", "link", "set", "berth0", "down", "mtu", "1400");
        host.RunProgram("sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward");
        await using NetworkService again = await host.StartAsync();
        Link bridge = host.Routes.FindLink("berth0")!;
        Assert.True(bridge.IsUp);
        Assert.Equal(1500, bridge.Mtu);
        Assert.Contains(host.Routes.Addresses(), a => a.LinkIndex == bridge.Index && a.Address.ToString() == "172.30.0.1");
        Assert.Contains("berth-berth0", host.RunProgram("nft", "list", "tables"), StringComparison.Ordinal);
        Assert.Equal("1\n", host.RunProgram("cat", "/proc/sys/net/ipv4/ip_forward"));
        Assert.Equal("1\n", host.RunProgram("cat", "/proc/sys/net/ipv6/conf/berth0/disable_ipv6"));
    }

    [Fact]
    public async Task TheSubnetIsKeptAndAnotherBipReplacesIt()
    {
        using var host = new TestHost();
        host.RunProgram("ip", "link", "add", "taken", "type", "bridge");
        host.RunProgram("ip", "addr", "add", "172.30.1.1/24", "dev", "taken");
        await using (NetworkService first = await host.StartAsync())
        {
            Assert.Equal("172.29.0.0/16", first.Find("bridge")!.Subnets[0].Subnet.ToString());
        }

        host.RunProgram("ip", "link", "del", "taken");
        await using (NetworkService second = await host.StartAsync())
        {
            Assert.Equal("172.29.0.0/16", second.Find("bridge")!.Subnets[0].Subnet.ToString());
        }

        Assert.True(BridgeAddress.TryParse("10.99.0.1/24", out BridgeAddress? bip));
        await using NetworkService third = await host.StartAsync(o => o with { BridgeAddress = bip });
        int bridge = host.Routes.FindLink("berth0")!.Index;
        Assert.Equal(["10.99.0.1"], host.Routes.Addresses().Where(a => a.LinkIndex == bridge && a.Address.AddressFamily == AddressFamily.InterNetwork).Select(a => a.Address.ToString()));
    }

    /// <summary>The default bridge gets another name: what stood under the former one goes, at the first start that finds nobody on it.</summary>
    [Fact]
    public async Task AFormerBridgeGoesWithItsRules()
    {
        using var host = new TestHost();
        host.RunProgram("sh", "-c", "nft 'add table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; }; }'");
        await host.AddContainersAsync("c1");
        NetworkService first = await host.StartAsync(static o => o with { InterContainer = false });
        using Sandbox sandbox = await first.Endpoints.TakeAsync("c1", OnBridge with { ThroughHost = true, Ports = [new PortRequest(ProtocolType.Tcp, 80, null, 8080, 8080)] }, CancellationToken.None);
        await sandbox.Recorded;
        await first.DisposeAsync();
        Assert.Equal(2, Tables(host, "berth-berth0"));

        // Somebody lives there: it stays, rules and all.
        NetworkService second = await host.StartAsync(static o => o with { BridgeName = "other0" });
        Assert.NotNull(host.Routes.FindLink("berth0"));
        Assert.Equal(2, Tables(host, "berth-berth0"));
        Assert.Contains(host.Log, l => l.Contains("berth0, the default bridge's former name", StringComparison.Ordinal));
        await second.Endpoints.AdoptAsync([], CancellationToken.None);
        await second.DisposeAsync();
        sandbox.Dispose();
        await TestHost.UntilAsync(() => !host.Routes.Links().Any(l => l.Master == host.Routes.FindLink("berth0")!.Index), "the container's link is gone");

        await using NetworkService third = await host.StartAsync(static o => o with { BridgeName = "other0" });
        Assert.Null(host.Routes.FindLink("berth0"));
        Assert.Equal(0, Tables(host, "berth-berth0"));
        Assert.Equal(1, Tables(host, "berth-other0"));
        Assert.DoesNotContain("berth0", host.RunProgram("nft", "list", "table", "ip", "filter"), StringComparison.Ordinal);
        Assert.Contains("other0", host.RunProgram("nft", "list", "table", "ip", "filter"), StringComparison.Ordinal);
        Assert.DoesNotContain("fwmark", host.RunProgram("ip", "rule"), StringComparison.Ordinal);
    }

    /// <summary>A start under the new name that fails leaves all as it was; the former subnet may be the next one's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFormerBridgeStaysUntilTheNextOneStands(bool owned)
    {
        using var host = new TestHost();
        await (await host.StartAsync(o => o with { OwnsFirewall = owned })).DisposeAsync();
        await Assert.ThrowsAsync<EngineException>(() => host.StartAsync(static o => o with { BridgeName = "lo" }));
        Assert.NotNull(host.Routes.FindLink("berth0"));
        Assert.Equal(1, Tables(host, "berth-berth0"));
        Assert.True(BridgeAddress.TryParse("172.30.0.1/16", out BridgeAddress? bip));
        await using NetworkService next = await host.StartAsync(o => o with { BridgeName = "other0", BridgeAddress = bip, OwnsFirewall = owned });
        Assert.Null(host.Routes.FindLink("berth0"));
        Assert.Equal(0, Tables(host, "berth-berth0"));
        Assert.Contains("172.30.0.0/16 dev other0", host.RunProgram("ip", "route"), StringComparison.Ordinal);
    }

    /// <summary>Another daemon has taken that name meanwhile: it is its bridge.</summary>
    [Fact]
    public async Task AFormerBridgeThatIsAnotherDaemonsStays()
    {
        using var host = new TestHost();
        await (await host.StartAsync()).DisposeAsync();
        using BridgeClaim other = NetworkNamespace.Run(host.Namespace, () => BridgeClaim.Of("berth0"));
        await using NetworkService second = await host.StartAsync(static o => o with { BridgeName = "other0" });
        Assert.NotNull(host.Routes.FindLink("berth0"));
        Assert.Equal(1, Tables(host, "berth-berth0"));
    }

    [Fact]
    public void WhatABridgeWasCalledIsKeptUntilItIsGone()
    {
        FormerBridge old = new("old0", ["10.1.0.1/24"], null);
        NetworkDocument stored = new() { Bridge = "berth0", Address = "172.30.0.1/16", Ipv6Address = "fd00::1/64", FoundBridge = ["10.9.0.1"], FormerBridges = [old] };
        Assert.Equal(["old0"], FormerBridge.Of(stored, ["berth0"]).Select(f => f.Name));
        IReadOnlyList<FormerBridge> renamed = FormerBridge.Of(stored, ["new0"]);
        Assert.Equal(["old0", "berth0"], renamed.Select(f => f.Name));
        Assert.Equal(["172.30.0.1/16", "fd00::1/64"], renamed[1].Addresses);
        Assert.Equal(["10.9.0.1"], renamed[1].Found!);
        Assert.Equal(["berth0"], FormerBridge.Of(stored, ["old0"]).Select(f => f.Name)); // it is used again
        Assert.Empty(FormerBridge.Of(stored, ["new0", "old0", "berth0"])); // or somebody's network has its name
        Assert.Empty(FormerBridge.Of(null, ["berth0"]));
    }

    [Theory]
    [InlineData(false, false, "veth01234ab")] // made ahead by a daemon that is gone
    [InlineData(true, true, "veth01234ab", "veth0000001")] // of an endpoint
    [InlineData(true, false, "tap0")]
    [InlineData(false, false)]
    public void ABridgeIsOccupiedByWhoIsOnIt(bool ours, bool found, params string[] ports)
    {
        Link[] links = [.. ports.Select(static p => new Link { Index = 9, Name = p, Kind = p.StartsWith("veth", StringComparison.Ordinal) ? "veth" : "tun", Master = 3, Flags = 0, Mtu = 1500, Address = [] })];
        HashSet<string> owned = ["veth0000001"];
        Assert.Equal(ours, new FormerBridge("old0", [], null).IsOccupied(links, owned));
        Assert.Equal(found, new FormerBridge("old0", [], []).IsOccupied(links, owned));
    }

    private static int Tables(TestHost host, string name) => host.RunProgram("nft", "list", "tables").Split('\n').Count(l => l.EndsWith($" {name}", StringComparison.Ordinal));

    /// <summary>A reboot: rows name containers, links stand none. Another --bip holds at once, and what the rows' containers had is nobody's.</summary>
    [Fact]
    public async Task AfterARebootAnotherBipHoldsAtOnce()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("former", "next");
        await using (NetworkService first = await host.StartAsync())
        {
            using Sandbox former = await first.Endpoints.TakeAsync("former", OnBridge, CancellationToken.None);
            await former.Recorded;
        }

        foreach (string link in host.Ports().Append("berth0"))
        {
            host.RunProgram("sh", "-c", $"ip link delete {link} 2>/dev/null || true");
        }

        Assert.True(BridgeAddress.TryParse("172.30.0.2/24", out BridgeAddress? bip)); // the former container's address, in the same subnet
        await using NetworkService second = await host.StartAsync(o => o with { BridgeAddress = bip });
        int bridge = host.Routes.FindLink("berth0")!.Index;
        Assert.Equal(["172.30.0.2"], host.Routes.Addresses().Where(a => a.LinkIndex == bridge && a.Address.AddressFamily == AddressFamily.InterNetwork).Select(a => a.Address.ToString()));
        Assert.DoesNotContain(host.Log, l => l.Contains("comes with the first start", StringComparison.Ordinal));
        await second.Endpoints.AdoptAsync([], CancellationToken.None);
        Assert.Empty(second.Endpoints.Of("former"));
        using Sandbox next = await second.Endpoints.TakeAsync("next", OnBridge, CancellationToken.None);
        Assert.NotEqual("172.30.0.2", next.Endpoints[0].Address!.ToString());
        Assert.Equal("172.30.0.2", next.Endpoints[0].Gateway!.ToString());
    }

    [Fact]
    public async Task ALinkOfAnotherKindUnderTheBridgesNameIsRefused()
    {
        using var host = new TestHost();
        host.RunProgram("ip", "link", "add", "berth0", "type", "veth", "peer", "name", "other");
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => host.StartAsync());
        Assert.Contains("berth0", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--bridge", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABridgeRemovedByHandComesBackWithItsPorts()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None);
        host.RunProgram("ip", "link", "del", "berth0");
        await TestHost.UntilAsync(
            () => host.Routes.FindLink("berth0") is { IsUp: true } bridge
                && host.Routes.Links(bridge.Index).Any(l => l.Name == sandbox.Endpoints[0].HostInterface),
            "the bridge is back with the container on it");
    }

    [Fact]
    public async Task TwoDaemonsShareAHost()
    {
        using var host = new TestHost();
        using var other = new TestHost();
        await using NetworkService one = await host.StartAsync();
        await using NetworkService two = await NetworkService.StartAsync(
            host.Options with { BridgeName = "berth1" }, other.Database, CancellationToken.None);
        Assert.Equal("172.30.0.0/16", one.Find("bridge")!.Subnets[0].Subnet.ToString());
        Assert.Equal("172.29.0.0/16", two.Find("bridge")!.Subnets[0].Subnet.ToString());
        string tables = host.RunProgram("nft", "list", "tables");
        Assert.Contains("berth-berth0", tables, StringComparison.Ordinal);
        Assert.Contains("berth-berth1", tables, StringComparison.Ordinal);
    }
}
