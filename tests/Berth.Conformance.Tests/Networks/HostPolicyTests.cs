using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Ports that pass the host's own input rules (--publish-policy host): denied there they are denied, and the client's address stays real.</summary>
public sealed class HostPolicyTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    [Theory]
    [InlineData("label")]
    [InlineData("daemon")]
    public async Task TheHostsRulesDecide(string way)
    {
        if (way == "daemon")
        {
            await wired.Daemon.StopAsync();
            wired.Daemon.Options = ["--publish-policy", "host"];
            await wired.Daemon.LaunchAsync();
        }

        string network = wired.NewName("n"), other = wired.NewName("n");
        await wired.Daemon.TextAsync("network", "create", "--ipv6", network);
        await wired.Daemon.TextAsync("network", "create", "--ipv6", other);
        string[] label = way == "label" ? ["--label", "berth.publish-policy=host"] : [];
        string name = await wired.SleeperAsync(["--network", network, .. label, "-p", "8300:80", "-p", "8300:80/udp", "-p", "8301:81"]), elsewhere = await wired.SleeperAsync("--network", other);
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name), apart = await Place.OfContainerAsync(wired.Daemon, elsewhere);
        await using PeerServer web = new(inside, "web", 80), more = new(inside, "more", 81);
        string address = await wired.AddressAsync(elsewhere, other), gateway = await wired.GatewayAsync(name, network);
        string six = await wired.ShownAsync(elsewhere, $"{{{{(index .NetworkSettings.Networks \"{other}\").GlobalIPv6Address}}}}");
        foreach ((Place from, string to, string seen) in new[]
        {
            (wired.Outside, WiredDaemon.HostAddress, WiredDaemon.OutsideAddress), (wired.Outside, $"[{WiredDaemon.HostAddress6}]", WiredDaemon.OutsideAddress6),
            (apart, WiredDaemon.HostAddress, address), (apart, $"[{WiredDaemon.HostAddress6}]", six), (wired.Host, "127.0.0.1", gateway), (inside, WiredDaemon.HostAddress, gateway),
        })
        {
            Assert.Equal($"web {seen}", await from.AskAsync($"{to}:8300"));
            Assert.Equal($"web {seen}", await from.AskByDatagramAsync($"{to}:8300"));
        }

        await RulesAsync(
            "add table inet guard", "add chain inet guard input { type filter hook input priority 0; }", "add rule inet guard input iifname wire0 tcp dport 8300 reject with tcp reset",
            "add rule inet guard input iifname wire0 udp dport 8300 reject");
        Assert.Equal("!ConnectionRefused", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8300"));
        Assert.Equal("!ConnectionRefused", await wired.Outside.AskAsync($"[{WiredDaemon.HostAddress6}]:8300"));
        Assert.Equal("!ConnectionRefused", await wired.Outside.AskByDatagramAsync($"{WiredDaemon.HostAddress}:8300"));
        Assert.Equal($"more {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8301"));
        Assert.Equal($"web {address}", await apart.AskAsync($"{WiredDaemon.HostAddress}:8300"));
        await RulesAsync("delete table inet guard");
        Assert.Equal($"web {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8300"));

        Assert.Contains("fwmark", await RulesOfRoutingAsync(), StringComparison.Ordinal);
        await wired.Daemon.TextAsync("rm", "-f", name, elsewhere);
        Assert.DoesNotContain("fwmark", await RulesOfRoutingAsync(), StringComparison.Ordinal);
        await wired.Daemon.TextAsync("network", "rm", network, other);
    }

    private async Task RulesAsync(params string[] commands)
    {
        foreach (string command in commands)
        {
            _ = (await wired.Daemon.Host.RunAsync("nft", command)).Text;
        }
    }

    private async Task<string> RulesOfRoutingAsync()
    {
        ProcessResult four = await wired.Daemon.Host.RunAsync("ip", "rule"), six = await wired.Daemon.Host.RunAsync("ip", "-6", "rule");
        return four.Text + six.Text;
    }
}
