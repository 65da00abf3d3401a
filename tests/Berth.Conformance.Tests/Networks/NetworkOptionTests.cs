using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Options of networks and of places on them, as clients give them and see them.</summary>
public sealed class NetworkOptionTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    private const string ModeKey = "com.docker.network.bridge.gateway_mode_ipv4";

    [Theory]
    [InlineData("28")]
    [InlineData("berth")]
    public async Task ARoutedNetworksPortsAreAtTheContainer(string client)
    {
        string net = wired.NewName("n"), name = wired.NewName();
        await TextAsync(client, "network", "create", "-o", $"{ModeKey}=routed", net);
        await TextAsync(client, "run", "-d", "--name", name, "--network", net, "-p", "8200:80", "busybox", "sleep", "1000");
        string address = await wired.AddressAsync(name, net);
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        await using PeerServer web = new(inside, "web", 80), shut = new(inside, "shut", 81);
        Assert.Equal("{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"\"}]}", await TextAsync(client, "inspect", "-f", "{{json .NetworkSettings.Ports}}", name));
        Assert.Equal("80/tcp", await TextAsync(client, "ps", "--filter", $"name=^{name}$", "--format", "{{.Ports}}"));
        Assert.Equal("80/tcp -> 0.0.0.0:", await TextAsync(client, "port", name));
        await AssertReachedAsync();

        // Also when the daemon was killed, and from the container's next start on.
        await wired.Daemon.KillAsync();
        await AssertReachedAsync();
        await wired.Daemon.LaunchAsync();
        await AssertReachedAsync();
        await TextAsync(client, "rm", "-f", name);
        await TextAsync(client, "network", "rm", net);

        async Task AssertReachedAsync()
        {
            Assert.Equal($"web {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{address}:80"));
            Assert.Equal("!ConnectionRefused", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8200"));
        }
    }

    /// <summary>Two that asked for one port of the container: it stays while one of them is left.</summary>
    [Fact]
    public async Task APortAtTheContainerIsTakenBackAsItWasAskedFor()
    {
        string net = wired.NewName("n");
        await wired.Daemon.TextAsync("network", "create", "-o", $"{ModeKey}=routed", net);
        string name = await wired.SleeperAsync("--network", net, "-p", "8220:80", "-p", "8221:80");
        ProcessResult nowhere = await Clients.Of("berth").RunAsync(wired.Daemon, "port", "rm", name, "8222:80");
        Assert.Equal(1, nowhere.ExitCode);
        Assert.Contains($"no public port '8222:80/tcp' published for {name}", nowhere.Error, StringComparison.Ordinal);
        await TextAsync("berth", "port", "rm", name, "8220:80");
        Assert.Equal("80/tcp -> 0.0.0.0:", await wired.Daemon.TextAsync("port", name));
        await TextAsync("berth", "port", "rm", name, "8221:80");
        Assert.Equal("", await wired.Daemon.TextAsync("port", name));
        Assert.Equal("{}", await wired.ShownAsync(name, "{{json .HostConfig.PortBindings}}"));
        await TextAsync("berth", "port", "add", name, "80", "81");
        await TextAsync("berth", "port", "rm", name, "80");
        Assert.Equal("81/tcp -> 0.0.0.0:", await wired.Daemon.TextAsync("port", name));
        await wired.Daemon.TextAsync("rm", "-f", name);
        await wired.Daemon.TextAsync("network", "rm", net);
    }

    /// <summary>From a routed network to one that is not, live: there the port is one of the host.</summary>
    [Fact]
    public async Task PortsFollowTheWayOutAcrossModes()
    {
        string routed = wired.NewName("a"), usual = wired.NewName("b");
        await wired.Daemon.TextAsync("network", "create", "-o", $"{ModeKey}=routed", routed);
        await wired.Daemon.TextAsync("network", "create", usual);
        string name = await wired.SleeperAsync("--network", routed, "-p", "8210:80");
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        await using var web = new PeerServer(inside, "web", 80);
        await wired.Daemon.TextAsync("network", "connect", "--gw-priority", "1", usual, name);
        Assert.Equal("80/tcp -> 0.0.0.0:8210\n80/tcp -> [::]:8210", await wired.Daemon.TextAsync("port", name));
        Assert.Equal($"web {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8210"));
        await wired.Daemon.TextAsync("network", "disconnect", usual, name);
        Assert.Equal("80/tcp -> 0.0.0.0:", await wired.Daemon.TextAsync("port", name));
        Assert.Equal("!ConnectionRefused", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8210"));
        Assert.Equal($"web {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{await wired.AddressAsync(name, routed)}:80"));
        await wired.Daemon.TextAsync("rm", "-f", name);
        await wired.Daemon.TextAsync("network", "rm", routed, usual);
    }

    [Fact]
    public async Task AnIsolatedNetworkIsInternal()
    {
        string net = wired.NewName("n");
        ProcessResult refused = await Clients.Of("28").RunAsync(wired.Daemon, "network", "create", "-o", $"{ModeKey}=isolated", net);
        Assert.Contains("gateway mode 'isolated' can only be used for an internal network", refused.Error, StringComparison.Ordinal);
        await TextAsync("28", "network", "create", "--internal", "-o", $"{ModeKey}=isolated", "-o", "com.docker.network.bridge.name=iso0", net);
        Assert.DoesNotContain("inet ", (await wired.Daemon.Host.RunAsync("ip", "addr", "show", "iso0")).Text, StringComparison.Ordinal);
        Assert.Null((await wired.Daemon.Api.JsonAsync($"/networks/{net}"))["IPAM"]!["Config"]![0]!["Gateway"]);
        string name = await wired.SleeperAsync("--network", net);
        Assert.Equal("", await wired.GatewayAsync(name, net));
        await wired.Daemon.KillAsync();
        await wired.Daemon.LaunchAsync();
        Assert.DoesNotContain("inet ", (await wired.Daemon.Host.RunAsync("ip", "addr", "show", "iso0")).Text, StringComparison.Ordinal);
        await wired.Daemon.TextAsync("rm", "-f", name);
        await wired.Daemon.TextAsync("network", "rm", net);
    }

    [Theory]
    [InlineData("28")]
    [InlineData("berth")]
    public async Task AnInterfaceHasItsSettings(string client)
    {
        const string Option = "com.docker.network.endpoint.sysctls=net.ipv4.conf.IFNAME.log_martians=1";
        string net = wired.NewName("n"), other = wired.NewName("n"), name = wired.NewName();
        await TextAsync(client, "network", "create", net);
        await TextAsync(client, "network", "create", other);
        await TextAsync(client, "run", "-d", "--name", name, "--network", $"name={net},\"driver-opt={Option},net.ipv4.conf.IFNAME.forwarding=0\"", "busybox", "sleep", "1000");
        await TextAsync(client, "network", "connect", "--driver-opt", Option, other, name);
        await AssertSetAsync();
        await TextAsync(client, "restart", "-t", "0", name);
        await AssertSetAsync();
        ProcessResult refused = await Clients.Of(client).RunAsync(
            wired.Daemon, "run", "--rm", "--network", $"name={net},driver-opt=com.docker.network.endpoint.sysctls=net.ipv4.conf.eth0.log_martians=1", "busybox", "true");
        Assert.Equal(125, refused.ExitCode);
        Assert.Contains("unrecognised network interface sysctl 'net.ipv4.conf.eth0.log_martians=1'", refused.Error, StringComparison.Ordinal);
        await TextAsync(client, "rm", "-f", name);
        await TextAsync(client, "network", "rm", net, other);

        async Task AssertSetAsync() => Assert.Equal("1\n1\n0", await TextAsync(
            client, "exec", name, "cat", "/proc/sys/net/ipv4/conf/eth0/log_martians", "/proc/sys/net/ipv4/conf/eth1/log_martians", "/proc/sys/net/ipv4/conf/eth0/forwarding"));
    }

    [Fact]
    public async Task ARunningContainersSandboxHasAnId()
    {
        string name = await wired.SleeperAsync();
        string id = await wired.ShownAsync(name, "{{.NetworkSettings.SandboxID}}");
        Assert.Matches("^[0-9a-f]{64}$", id);
        await wired.Daemon.KillAsync();
        await wired.Daemon.LaunchAsync();
        Assert.Equal(id, await wired.ShownAsync(name, "{{.NetworkSettings.SandboxID}}"));
        await wired.Daemon.TextAsync("stop", "-t", "0", name);
        Assert.Equal("", await wired.ShownAsync(name, "{{.NetworkSettings.SandboxID}}"));
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    private async Task<string> TextAsync(string client, params string[] arguments) => (await Clients.Of(client).RunAsync(wired.Daemon, arguments)).Text;
}
