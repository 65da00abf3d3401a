using System.Net;
using System.Net.Sockets;

using Berth.Storage;

namespace Berth.Network.Tests;

[CollectionDefinition(nameof(LoadTests), DisableParallelization = true)]
public sealed class LoadCollection;

/// <summary>Many sandboxes. Alone, because what the process holds is counted.</summary>
[Collection(nameof(LoadTests))]
public sealed class LoadTests
{
    private static readonly SandboxRequest OnBridge = new() { Endpoints = [new EndpointRequest { Network = "bridge" }] };

    [Fact]
    public async Task AThousandInARowLeaveNothing()
    {
        using var host = new TestHost();
        string[] ids = [.. Enumerable.Range(0, 1000).Select(i => $"c{i}")];
        await host.AddContainersAsync(ids);
        await using (await host.StartAsync())
        {
            // What is opened once in a process's life (assemblies, the sockets' engine) is open now.
        }

        string[] opened = Descriptors();
        await using (NetworkService service = await host.StartAsync())
        {
            foreach (string id in ids)
            {
                using (Sandbox sandbox = await service.Endpoints.TakeAsync(id, OnBridge, CancellationToken.None))
                {
                    await sandbox.Recorded;
                }

                await service.Endpoints.ReleaseAsync(id);
            }

            await TestHost.UntilAsync(() => host.Ports().Length <= host.Options.MaximumReadySandboxes, "only ready sandboxes are left");
        }

        await TestHost.UntilAsync(() => host.Ports().Length == 0, "no link is left");
        await TestHost.UntilAsync(() => host.Database.Read(s => s.Number("SELECT (SELECT count(*) FROM endpoints) + (SELECT count(*) FROM addresses)")) == 0, "no row is left");
        string[] left = Descriptors();
        Assert.True(left.Length <= opened.Length + 4, $"left open: {string.Join(", ", left.Except(opened))}"); // the database may have opened a reader or two
        Assert.Empty(host.Log);
        Assert.Single(ThreadNamespaces());
    }

    [Fact]
    public async Task AHundredAtOnceGetAHundredAddresses()
    {
        using var host = new TestHost();
        string[] ids = [.. Enumerable.Range(0, 100).Select(i => $"c{i}")];
        await host.AddContainersAsync(ids);
        await using NetworkService service = await host.StartAsync();
        Sandbox[] sandboxes = await Task.WhenAll(ids.Select(id => service.Endpoints.TakeAsync(id, OnBridge, CancellationToken.None)));
        Assert.Equal(100, sandboxes.Select(s => s.Endpoints[0].Address).Distinct().Count());
        foreach (Sandbox sandbox in sandboxes)
        {
            await sandbox.Recorded;
            sandbox.Dispose();
        }

        Assert.Equal(100, service.Endpoints.On(service.Find("bridge")!.Id).Count);
        await Task.WhenAll(ids.Select(service.Endpoints.ReleaseAsync));
        Assert.Empty(service.Endpoints.On(service.Find("bridge")!.Id));
        await TestHost.UntilAsync(() => host.Ports().Length == host.Options.ReadySandboxes, "the links are gone, and what was grown for the load with them");
    }

    [Fact]
    public async Task TheThousandTwentyFourthOnABridgeIsRefusedByName()
    {
        using var host = new TestHost();
        string[] ids = [.. Enumerable.Range(0, 1024).Select(i => $"c{i}")];
        await host.AddContainersAsync(ids);
        await using NetworkService service = await host.StartAsync();
        Sandbox[] sandboxes = await Task.WhenAll(ids[..1023].Select(id => service.Endpoints.TakeAsync(id, OnBridge, CancellationToken.None)));
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => service.Endpoints.TakeAsync(ids[1023], OnBridge, CancellationToken.None));
        Assert.Contains("bridge", refused.Message, StringComparison.Ordinal);
        Assert.Contains("1023", refused.Message, StringComparison.Ordinal);
        sandboxes[7].Dispose();
        await service.Endpoints.ReleaseAsync(ids[7]);
        using Sandbox last = await service.Endpoints.TakeAsync(ids[1023], OnBridge, CancellationToken.None);
        Assert.Single(last.Endpoints);
        foreach (Sandbox sandbox in sandboxes)
        {
            sandbox.Dispose();
        }
    }

    /// <summary>Likewise on a network that was made; its other ports are links of the test. What was begun for it is undone, and the next that fits is taken.</summary>
    [Fact]
    public async Task TheOneTooManyOnAMadeNetworkIsRefusedByName()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1", "c2");
        await using NetworkService service = await host.StartAsync(static o => o with { ReadySandboxes = 0 });
        Network network = await service.CreateAsync(new NetworkDefinition { Name = "crowded", EnableIpv6 = true, Subnets = [new SubnetDefinition("10.77.0.0/29", null, null, null)] }, static (_, _) => { }, CancellationToken.None);
        var request = new SandboxRequest
        {
            Endpoints = [new EndpointRequest { Network = "crowded" }],
            Ports = [new PortRequest(ProtocolType.Tcp, 80, IPAddress.Any, 8080, 8080)],
        };
        string script = Path.Join(Path.GetTempPath(), $"berth-crowd-{Guid.NewGuid():N}");
        await File.WriteAllLinesAsync(script, Enumerable.Range(0, 1022).Select(i => $"link add crowd{i} master {network.Bridge} type veth peer name far{i}"));
        host.RunProgram("ip", "-batch", script);
        File.Delete(script);

        using Sandbox last = await service.Endpoints.TakeAsync("c1", request with { Ports = [] }, CancellationToken.None);
        await last.Recorded;
        (string[] links, string rules, string[] open) = (Links(host), host.RunProgram("nft", "list", "ruleset"), Descriptors());
        for (int i = 0; i < 8; i++) // more than there are addresses: none is kept
        {
            EngineException refused = await Assert.ThrowsAsync<EngineException>(() => service.Endpoints.TakeAsync("c2", request, CancellationToken.None));
            Assert.Equal(EngineErrorKind.Unavailable, refused.Kind);
            Assert.Contains("network crowded is full", refused.Message, StringComparison.Ordinal);
            Assert.Contains("1023", refused.Message, StringComparison.Ordinal);
        }

        Assert.Single(service.Endpoints.On(network.Id));
        Assert.Equal(links, Links(host));
        Assert.Equal(rules, host.RunProgram("nft", "list", "ruleset"));
        Assert.DoesNotContain(Descriptors().Except(open), static d => d.Contains(" net:", StringComparison.Ordinal) || d.Contains(" socket:", StringComparison.Ordinal));

        host.RunProgram("ip", "link", "delete", "crowd7");
        using Sandbox next = await service.Endpoints.TakeAsync("c2", request, CancellationToken.None);
        Assert.Equal(2, service.Endpoints.On(network.Id).Count);
    }

    private static string[] Links(TestHost host) => [.. host.RunProgram("ip", "-o", "link").Split('\n').Select(static l => l.Split(':', '@') is [_, var name, ..] ? name.Trim() : "").Order(StringComparer.Ordinal)];

    private static string[] Descriptors() =>
        [.. Directory.GetFiles("/proc/self/fd").Select(f => $"{Path.GetFileName(f)} {new FileInfo(f).LinkTarget}")];

    // No thread may have been born in a sandbox.
    private static HashSet<string> ThreadNamespaces() =>
        [.. Directory.GetDirectories("/proc/self/task").Select(t => File.ResolveLinkTarget(Path.Join(t, "ns/net"), false)?.Name ?? "gone").Where(n => n != "gone")];
}
