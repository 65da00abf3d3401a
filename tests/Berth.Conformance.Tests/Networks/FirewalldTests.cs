using System.Text.Json.Nodes;

using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Debian's firewalld on the daemon's host, with its default zone "public".</summary>
public sealed class FirewalldTests(WiredDaemon wired) : IClassFixture<WiredDaemon>, IAsyncLifetime
{
    private Firewalld? _firewalld;

    private Firewalld Firewalld => _firewalld!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Firewalld.IsInstalled, "firewalld is not installed");
        _firewalld = await Firewalld.StartAsync(wired.Daemon, launch: false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_firewalld is not null)
        {
            await _firewalld.DisposeAsync();
        }
    }

    [Fact]
    public async Task ItDecidesWhereItIsAskedAndIsNamedWhereNot()
    {
        await Firewalld.LaunchAsync();
        JsonNode open = await wired.Daemon.AnswerAsync("/containers/create?name=fo", PortDecision.Container(8080, "open")), host = await wired.Daemon.AnswerAsync("/containers/create?name=fh", PortDecision.Container(8081, "host"));
        Assert.Contains("tcp port 8080", PortDecision.Warning(open), StringComparison.Ordinal);
        Assert.Contains("inet firewalld", PortDecision.Warning(open), StringComparison.Ordinal);
        Assert.Empty(host["Warnings"]!.AsArray());
        await PortDecision.HoldsAsync(wired, "fo", "fh", async () =>
        {
            _ = (await Firewalld.CommandAsync("--add-port=8081/tcp")).Text;
            _ = (await Firewalld.CommandAsync("--add-port=8081/udp")).Text;
        });
        _ = (await Firewalld.CommandAsync("--add-port=8080/tcp", "--add-port=8080/udp")).Text;
        Assert.Empty((await wired.Daemon.AnswerAsync("/containers/create?name=fo", PortDecision.Container(8080, "open")))["Warnings"]!.AsArray());
        await wired.Daemon.TextAsync("rm", "-f", "fo");
    }

    /// <summary>firewalld rejects what comes from a bridge without a zone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ContainersReachTheOutsideWhicheverStartsFirst(bool firewalldFirst)
    {
        await using var outside = new PeerServer(wired.Outside, "outside", 8098);
        string former = wired.NewName("n"), later = wired.NewName("n");
        await wired.Daemon.TextAsync("network", "create", former);
        if (firewalldFirst)
        {
            await wired.Daemon.StopAsync();
            await Firewalld.LaunchAsync();
            await wired.Daemon.LaunchAsync();
        }
        else
        {
            await Firewalld.LaunchAsync();
        }

        foreach (string network in new[] { "bridge", former })
        {
            string name = await wired.SleeperAsync("--network", network);
            using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
            await Until.TrueAsync(async () => await inside.AskAsync($"{WiredDaemon.OutsideAddress}:8098") == $"outside {WiredDaemon.HostAddress}", $"{network} leads out");
            await wired.Daemon.TextAsync("rm", "-f", name);
        }

        // A network that is made while firewalld runs leads out from its first moment.
        await wired.Daemon.TextAsync("network", "create", later);
        string first = await wired.SleeperAsync("--network", later), bridge = await BridgeAsync(later);
        using (Place inside = await Place.OfContainerAsync(wired.Daemon, first))
        {
            Assert.Equal($"outside {WiredDaemon.HostAddress}", await inside.AskAsync($"{WiredDaemon.OutsideAddress}:8098"));
        }

        Assert.Equal("trusted", await ZoneAsync(bridge));
        await wired.Daemon.TextAsync("rm", "-f", first);
        await wired.Daemon.TextAsync("network", "rm", former, later);
        await Until.TrueAsync(async () => await ZoneAsync(bridge) == "no zone", "a bridge that has gone leaves its zone");
    }

    [Fact]
    public async Task AnAdministratorsZoneIsLeftAlone()
    {
        await Firewalld.LaunchAsync();
        string network = wired.NewName("n"), bridge = "br-" + network;
        _ = (await Firewalld.CommandAsync("--zone=drop", $"--add-interface={bridge}")).Text;
        await wired.Daemon.TextAsync("network", "create", "-o", $"com.docker.network.bridge.name={bridge}", network);
        Assert.Equal("drop", await ZoneAsync(bridge));
        await wired.Daemon.TextAsync("network", "rm", network);
        Assert.Equal("trusted", await ZoneAsync("berth0"));
        Assert.Equal("drop", await ZoneAsync(bridge));
    }

    [Theory]
    [InlineData("firewall-cmd --reload")]
    [InlineData("firewall-cmd --complete-reload")]
    [InlineData("firewalld restarts")]
    [InlineData("firewalld ends")]
    [InlineData("iptables -P FORWARD DROP")]
    [InlineData("iptables -F")]
    [InlineData("nft flush ruleset")]
    [InlineData("firewall-cmd --zone=trusted --remove-interface=berth0")]
    public async Task NothingDropsAndPortsAnswer(string change)
    {
        await Firewalld.LaunchAsync();
        foreach (string protocol in new[] { "tcp", "udp" })
        {
            _ = (await Firewalld.CommandAsync("--permanent", $"--add-port={Traffic.ThroughHost}/{protocol}")).Text;
        }

        _ = (await Firewalld.CommandAsync("--reload")).Text;
        await using Traffic traffic = await Traffic.BeginAsync(wired);
        await traffic.HoldsAsync("before");
        await ChangeAsync(change);
        await traffic.HoldsAsync($"after {change}");
        await ChangeAsync("iptables -P FORWARD ACCEPT");
    }

    private async Task ChangeAsync(string change)
    {
        string[] words = change.Split(' ');
        switch (words)
        {
            case ["firewall-cmd", ..]: _ = (await Firewalld.CommandAsync(words[1..])).Text; break;
            case ["firewalld", "ends"]: await Firewalld.StopAsync(); break;
            case ["firewalld", "restarts"]:
                await Firewalld.StopAsync();
                await Firewalld.LaunchAsync();
                break;
            default: _ = (await wired.Daemon.Host.RunAsync(words)).Text; break;
        }
    }

    private async Task<string> BridgeAsync(string network) => $"br-{(await wired.Daemon.TextAsync("network", "inspect", "-f", "{{.Id}}", network))[..12]}";

    private async Task<string> ZoneAsync(string bridge)
    {
        ProcessResult result = await Firewalld.CommandAsync($"--get-zone-of-interface={bridge}");
        return (result.Out + result.Error).Trim();
    }
}
