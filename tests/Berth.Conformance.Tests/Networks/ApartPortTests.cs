using System.Globalization;

using Berth.Testing.Clients;

namespace Berth.Conformance.Tests.Networks;

/// <summary>
/// Published ports of containers on a network that keeps its containers apart (enable_icc=false): reached by way of the host's address from that network too,
/// whether or not the kernel hands bridged packets to the firewall (br_netfilter), and by whichever policy they are published.
/// </summary>
public sealed class ApartPortTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    [Theory]
    [InlineData("open", 0)]
    [InlineData("open", 1)]
    [InlineData("host", 0)]
    [InlineData("host", 1)]
    public async Task ANeighbourReachesAPublishedPort(string policy, int bridgeFilter)
    {
        await FilterAsync(bridgeFilter);
        string network = wired.NewName("n");
        await wired.Daemon.TextAsync("network", "create", "--ipv6", "-o", "com.docker.network.bridge.enable_icc=false", network);
        string[] on = ["--network", network, "--label", $"berth.publish-policy={policy}"];
        string name = await wired.SleeperAsync([.. on, "-p", "8400:80", "-p", "8400:80/udp", "-p", $"{WiredDaemon.SecondAddress}:8401:80", "-p", $"{WiredDaemon.SecondAddress}:8401:80/udp"]);
        string neighbour = await wired.SleeperAsync(on);
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name), same = await Place.OfContainerAsync(wired.Daemon, neighbour);
        await using var web = new PeerServer(inside, "web", 80);
        string gateway = await wired.GatewayAsync(name, network), gateway6 = await wired.ShownAsync(name, $"{{{{(index .NetworkSettings.Networks \"{network}\").IPv6Gateway}}}}");
        foreach ((Place from, string to, string seen) in new[]
        {
            (same, $"{WiredDaemon.HostAddress}:8400", gateway), (same, $"{gateway}:8400", gateway), (same, $"{WiredDaemon.SecondAddress}:8401", gateway),
            (same, $"[{WiredDaemon.HostAddress6}]:8400", gateway6), (same, $"[{gateway6}]:8400", gateway6), (inside, $"{WiredDaemon.HostAddress}:8400", gateway),
            (wired.Outside, $"{WiredDaemon.HostAddress}:8400", WiredDaemon.OutsideAddress), (wired.Outside, $"[{WiredDaemon.HostAddress6}]:8400", WiredDaemon.OutsideAddress6),
            (wired.Outside, $"{WiredDaemon.SecondAddress}:8401", WiredDaemon.OutsideAddress), (wired.Host, "127.0.0.1:8400", gateway),
        })
        {
            Assert.Equal($"{to}: web {seen}", $"{to}: {await from.AskAsync(to)}");
            Assert.Equal($"{to}: web {seen}", $"{to}: {await from.AskByDatagramAsync(to)}");
        }

        // Nothing else of it is.
        string address = await wired.AddressAsync(name, network);
        Assert.StartsWith("!", await same.AskAsync($"{address}:80"), StringComparison.Ordinal);
        Assert.StartsWith("!", await same.AskByDatagramAsync($"{address}:80"), StringComparison.Ordinal);
        await wired.Daemon.TextAsync("rm", "-f", name, neighbour);
        await wired.Daemon.TextAsync("network", "rm", network);
    }

    /// <summary>Ports that come while the container runs, and those that move with it from a network to another.</summary>
    [Fact]
    public async Task AlsoPortsThatComeLaterAndMove()
    {
        await FilterAsync(1);
        string apart = wired.NewName("n"), plain = wired.NewName("n");
        await wired.Daemon.TextAsync("network", "create", "-o", "com.docker.network.bridge.enable_icc=false", apart);
        await wired.Daemon.TextAsync("network", "create", plain);
        string name = await wired.SleeperAsync("--network", plain, "-p", "8410:80"), neighbour = await wired.SleeperAsync("--network", apart);
        await wired.Daemon.TextAsync("network", "connect", apart, name);
        await wired.Daemon.TextAsync("network", "disconnect", plain, name);
        _ = (await DockerClient.Berth.RunAsync(wired.Daemon, "port", "add", name, "8411:80")).Text;
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name), same = await Place.OfContainerAsync(wired.Daemon, neighbour);
        await using var web = new PeerServer(inside, "web", 80);
        string gateway = await wired.GatewayAsync(name, apart);
        Assert.Equal($"web {gateway}", await same.AskAsync($"{WiredDaemon.HostAddress}:8410"));
        Assert.Equal($"web {gateway}", await same.AskAsync($"{WiredDaemon.HostAddress}:8411"));
        Assert.Equal($"web {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8410"));
        _ = (await DockerClient.Berth.RunAsync(wired.Daemon, "port", "rm", name, "8411:80")).Text;
        Assert.Equal("!ConnectionRefused", await same.AskAsync($"{WiredDaemon.HostAddress}:8411"));
        await wired.Daemon.TextAsync("rm", "-f", name, neighbour);
        await wired.Daemon.TextAsync("network", "rm", apart, plain);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task OnTheDefaultBridgeToo(int bridgeFilter)
    {
        await FilterAsync(bridgeFilter);
        await wired.Daemon.StopAsync();
        wired.Daemon.Options = ["--icc=false"];
        await wired.Daemon.LaunchAsync();
        string name = await wired.SleeperAsync("-p", "8420:80", "-p", "8420:80/udp"), neighbour = await wired.SleeperAsync();
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name), same = await Place.OfContainerAsync(wired.Daemon, neighbour);
        await using var web = new PeerServer(inside, "web", 80);
        string gateway = await wired.GatewayAsync(name), address = await wired.AddressAsync(name);
        foreach (Place from in (Place[])[same, inside])
        {
            Assert.Equal($"web {gateway}", await from.AskAsync($"{WiredDaemon.HostAddress}:8420"));
            Assert.Equal($"web {gateway}", await from.AskByDatagramAsync($"{WiredDaemon.HostAddress}:8420"));
        }

        Assert.Equal($"web {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8420"));
        Assert.StartsWith("!", await same.AskAsync($"{address}:80"), StringComparison.Ordinal);
        await wired.Daemon.TextAsync("rm", "-f", name, neighbour);
        await wired.Daemon.StopAsync();
        wired.Daemon.Options = [];
        await wired.Daemon.LaunchAsync();
    }

    private async Task FilterAsync(int on)
    {
        foreach (string family in (string[])["iptables", "ip6tables"])
        {
            string path = $"/proc/sys/net/bridge/bridge-nf-call-{family}";
            _ = (await wired.Daemon.Host.RunAsync("sh", "-c", string.Create(CultureInfo.InvariantCulture, $"[ ! -e {path} ] || echo {on} > {path}"))).Text;
        }
    }
}
