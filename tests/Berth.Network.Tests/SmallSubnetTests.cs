using Berth.Storage;

namespace Berth.Network.Tests;

/// <summary>Where addresses are few, what becomes of them is seen.</summary>
public sealed class SmallSubnetTests
{
    private static readonly SandboxRequest OnBridge = new() { Endpoints = [new EndpointRequest { Network = "bridge" }] };

    private static NetworkOptions Small(NetworkOptions options) => options with
    {
        BridgeAddress = BridgeAddress.TryParse("10.77.0.1/29", out BridgeAddress? address) ? address : null, // five containers
    };

    [Fact]
    public async Task TheSixthOfFiveIsRefusedAndAFreedAddressIsWaitedFor()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c0", "c1", "c2", "c3", "c4", "c5");
        await using NetworkService service = await host.StartAsync(Small);
        var sandboxes = new List<Sandbox>();
        for (int i = 0; i < 5; i++)
        {
            sandboxes.Add(await service.Endpoints.TakeAsync($"c{i}", OnBridge, CancellationToken.None));
        }

        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => service.Endpoints.TakeAsync("c5", OnBridge, CancellationToken.None));
        Assert.Contains("10.77.0.0/29", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--bip", refused.Message, StringComparison.Ordinal);

        string freed = sandboxes[2].Endpoints[0].Address!.ToString();
        sandboxes[2].Dispose();
        await service.Endpoints.ReleaseAsync("c2");
        using Sandbox next = await service.Endpoints.TakeAsync("c5", OnBridge, CancellationToken.None); // the kernel may still be at it
        Assert.Equal(freed, next.Endpoints[0].Address!.ToString());
        sandboxes.ForEach(s => s.Dispose());
    }

    /// <summary>As with --network container:ID: the first container ends while another one still lives in its namespace.</summary>
    [Fact]
    public async Task ANamespaceThatLivesOnLosesItsLinkBeforeTheAddressIsGivenAgain()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c0", "c1", "c2", "c3", "c4", "c5");
        await using NetworkService service = await host.StartAsync(Small);
        var sandboxes = new List<Sandbox>();
        for (int i = 0; i < 5; i++)
        {
            sandboxes.Add(await service.Endpoints.TakeAsync($"c{i}", OnBridge, CancellationToken.None));
        }

        string link = sandboxes[0].Endpoints[0].HostInterface!;
        await service.Endpoints.ReleaseAsync("c0"); // its namespace is still open here
        using Sandbox next = await service.Endpoints.TakeAsync("c5", OnBridge, CancellationToken.None);
        Assert.Equal(sandboxes[0].Endpoints[0].Address, next.Endpoints[0].Address);
        Assert.DoesNotContain(link, host.Ports());
        sandboxes.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task AnOwnHardwareAddressIsHonoured()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        Assert.True(MacAddress.TryParse("92:d0:c6:0a:29:33", out MacAddress? mac));
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge", MacAddress = mac }] }, CancellationToken.None);
        Assert.Equal(mac, sandbox.Endpoints[0].MacAddress);
        Assert.Contains("92:d0:c6:0a:29:33", TestHost.RunProgramIn(sandbox.Namespace, "ip", "link", "show", "eth0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NetworksAreFoundByNameIdAndBeginning()
    {
        using var host = new TestHost();
        await using NetworkService service = await host.StartAsync();
        Assert.Equal(["bridge", "host", "none"], service.Networks.Select(n => n.Name));
        Assert.Equal(["bridge", "host", "null"], service.Networks.Select(n => n.Driver));
        Network bridge = service.Find("bridge")!;
        Assert.Matches("^[0-9a-f]{64}$", bridge.Id);
        Assert.Same(bridge, service.Find("default"));
        Assert.Same(bridge, service.Find(bridge.Id));
        Assert.Same(bridge, service.Find(bridge.Id[..32]));
        Assert.Null(service.Find("nowhere"));
        Assert.Null(service.Find(""));
        await Assert.ThrowsAsync<EngineException>(() => service.Endpoints.TakeAsync("c1", new SandboxRequest { Endpoints = [new EndpointRequest { Network = "nowhere" }] }, CancellationToken.None));
        await Assert.ThrowsAsync<EngineException>(() => service.Endpoints.TakeAsync("c1", new SandboxRequest { Endpoints = [new EndpointRequest { Network = "host" }] }, CancellationToken.None));
    }

    [Fact]
    public async Task WithoutReadyOnesEachIsMadeWhenAskedForAndCancellingLosesNone()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1", "c2");
        await using NetworkService service = await host.StartAsync(o => o with { ReadySandboxes = 0 });
        Assert.Empty(host.Ports());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.Endpoints.TakeAsync("c1", OnBridge, cancelled.Token));
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c2", OnBridge, CancellationToken.None);
        Assert.Contains(sandbox.Endpoints[0].HostInterface, host.Ports());
        Assert.Empty(service.Endpoints.Of("c1"));
    }
}
