using System.Net;

using Berth.Storage;

namespace Berth.Network.Tests;

/// <summary>com.docker.network.endpoint.*: what they may say, and what they do to a container's interface.</summary>
public sealed class EndpointOptionsTests
{
    private const string InterfaceKey = "com.docker.network.endpoint.ifname", SettingsKey = "com.docker.network.endpoint.sysctls";

    private static EndpointOptions Of(params (string Key, string Value)[] options) => EndpointOptions.Parse(options.ToDictionary(static o => o.Key, static o => o.Value));

    [Fact]
    public void SettingsAreUnderstood()
    {
        EndpointOptions options = Of((SettingsKey, "net.ipv4.conf.IFNAME.log_martians=1,net.ipv6.neigh.ifname.retrans_time_ms=500"), (InterfaceKey, "wan0"));
        Assert.Equal("wan0", options.Interface);
        Assert.Equal(
            ["/proc/sys/net/ipv4/conf/wan0/log_martians 1", "/proc/sys/net/ipv6/neigh/wan0/retrans_time_ms 500"], options.Settings.Select(static s => $"{s.PathOf("wan0")} {s.Value}"));
        Assert.Empty(EndpointOptions.Parse(null).Settings);
    }

    [Theory]
    [InlineData(SettingsKey, "")]
    [InlineData(SettingsKey, "net.ipv4.conf.eth0.log_martians=1")]
    [InlineData(SettingsKey, "net.core.conf.IFNAME.somaxconn=1")]
    [InlineData(SettingsKey, "kernel.ipv4.conf.IFNAME.x=1")]
    [InlineData(SettingsKey, "net.ipv4.conf.IFNAME.log_martians")]
    [InlineData(SettingsKey, "net.ipv4.conf.IFNAME.log_martians=")]
    [InlineData(SettingsKey, "net.ipv4.conf.IFNAME./../all/forwarding=1")]
    [InlineData(SettingsKey, "net.ipv4.../all.IFNAME.forwarding=1")]
    [InlineData(SettingsKey, "net.ipv4.conf.IFNAME.log_martians=1,")]
    [InlineData(InterfaceKey, "a/b")]
    [InlineData(InterfaceKey, "lo")]
    [InlineData("com.docker.network.endpoint.what", "1")]
    public void WhatCannotBeIsNamed(string key, string value)
    {
        string message = Assert.Throws<EngineException>(() => Of((key, value))).Message;
        Assert.True(message.Contains(key, StringComparison.Ordinal) || message.Contains(value.Split(',')[^1], StringComparison.Ordinal), message);
    }

    /// <summary>From the start on the default bridge, whose interfaces are made ahead, and live on another; the host's own settings stay as they are.</summary>
    [Fact]
    public async Task AnInterfaceHasThem()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync();
        await service.CreateAsync(new NetworkDefinition { Name = "n" }, static (_, _) => { }, CancellationToken.None);
        EndpointRequest Wanted(string network, string name) => new()
        {
            Network = network,
            LinkLocal = [IPAddress.Parse("169.254.7.1")],
            Options = Of((InterfaceKey, name), (SettingsKey, "net.ipv4.conf.IFNAME.log_martians=1,net.ipv4.neigh.IFNAME.base_reachable_time_ms=7000")),
        };
        using Sandbox sandbox = await service.Endpoints.TakeAsync("c1", new SandboxRequest { Endpoints = [Wanted("bridge", "wan0")] }, CancellationToken.None);
        _ = await service.Endpoints.ConnectAsync("c1", sandbox.Namespace, Wanted("n", "lan0"), null);
        foreach (string name in (string[])["wan0", "lan0"])
        {
            Assert.Equal("1 7000", TestHost.RunProgramIn(
                sandbox.Namespace, "sh", "-c", $"echo $(cat /proc/sys/net/ipv4/conf/{name}/log_martians /proc/sys/net/ipv4/neigh/{name}/base_reachable_time_ms)").Trim());
            Assert.Contains("169.254.7.1/16", TestHost.RunProgramIn(sandbox.Namespace, "ip", "addr", "show", name), StringComparison.Ordinal);
        }

        Assert.StartsWith("default via 172.30.0.1 dev wan0", TestHost.RunProgramIn(sandbox.Namespace, "ip", "route"), StringComparison.Ordinal);
        Assert.Equal("0", host.RunProgram("cat", "/proc/sys/net/ipv4/conf/berth0/log_martians").Trim());
        await service.Endpoints.ReleaseAsync("c1");
        Assert.Empty(service.Endpoints.Of("c1"));
    }

    [Theory]
    [InlineData("net.ipv4.conf.IFNAME.nonsense=1", "/proc/sys/net/ipv4/conf/eth0/nonsense is not a sysctl file")]
    [InlineData("net.ipv4.neigh.IFNAME.base_reachable_time_ms=many", "unable to write to '/proc/sys/net/ipv4/neigh/eth0/base_reachable_time_ms'")]
    [InlineData("net.ipv6.conf.IFNAME.disable_ipv6=1", "would take the address")]
    public async Task WhatTheKernelRefusesLeavesNothing(string setting, string message)
    {
        using var host = new TestHost();
        await host.AddContainersAsync("c1");
        await using NetworkService service = await host.StartAsync(static o => o with { ReadySandboxes = 0 });
        await service.CreateAsync(new NetworkDefinition { Name = "n", EnableIpv6 = true }, static (_, _) => { }, CancellationToken.None);
        var wanted = new EndpointRequest { Network = "n", Options = Of((SettingsKey, setting)) };
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => service.Endpoints.TakeAsync("c1", new SandboxRequest { Endpoints = [wanted] }, CancellationToken.None));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
        Assert.Empty(service.Endpoints.Of("c1"));
        await TestHost.UntilAsync(() => host.Ports().Length == 0, "its interface is gone");
    }
}
