using Berth.Linux.Netlink;
using Berth.Storage;

namespace Berth.Network.Tests;

/// <summary>A start that fails leaves the host as it found it.</summary>
public sealed class FailedStartTests
{
    private static readonly SandboxRequest OnBridge = new() { Endpoints = [new EndpointRequest { Network = "bridge" }] };

    /// <summary>Rules come before bridges: they stand when the bridge turns out to be none. With Docker's chains there are exceptions in them too.</summary>
    [Fact]
    public async Task ABridgeThatCannotBeLeavesNoRule()
    {
        using var host = new TestHost();
        host.RunProgram("iptables-nft", "-P", "FORWARD", "DROP");
        host.Routes.Execute(new NetlinkBatch().AddVethPair(new VethPair { Name = "ext0", PeerName = "ext1", PeerNamespace = host.Namespace, PeerAddress = [2, 0, 0, 0, 0, 1] }).AcknowledgeLast());
        string before = State(host);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => host.StartAsync(static o => o with { BridgeName = "ext0" }));
        Assert.Contains("ext0", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, State(host));
    }

    [Fact]
    public async Task AnAbandonedStartTakesItsBridgesAlong()
    {
        using var host = new TestHost();
        string before = State(host);
        NetworkService first = await host.StartAsync();
        await first.CreateAsync(new NetworkDefinition { Name = "n" }, static (_, _) => { }, CancellationToken.None);
        await first.AbandonAsync();
        Assert.Equal(before, State(host));

        // What an earlier daemon left standing is not this start's.
        await (await host.StartAsync()).DisposeAsync();
        string standing = State(host);
        Assert.NotEqual(before, standing);
        await (await host.StartAsync()).AbandonAsync();
        Assert.Equal(standing, State(host));
    }

    [Fact]
    public async Task WhereContainersLiveEverythingStays()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        NetworkService service = await host.StartAsync();
        using Sandbox one = await service.Endpoints.TakeAsync("c1", OnBridge, CancellationToken.None);
        await one.Recorded;
        await service.AbandonAsync();
        Assert.Contains("table inet berth-berth0", host.RunProgram("nft", "list", "tables"), StringComparison.Ordinal);
        Assert.Contains(one.Endpoints[0].HostInterface, host.Ports());
    }

    // Sandboxes made ahead go with their namespaces, when the kernel gets to it.
    private static string State(TestHost host) => host.RunProgram("nft", "list", "ruleset") + string.Join(' ', host.Routes.Links().Where(static l => l.Kind != "veth" || l.Name.StartsWith("ext", StringComparison.Ordinal)).Select(static l => l.Name));
}
