using System.Text.Json.Nodes;

using Berth.Testing.Daemons;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Debian's ufw on the daemon's host, enabled as it comes: incoming and routed packets are denied.</summary>
public sealed class UfwTests(WiredDaemon wired) : IClassFixture<WiredDaemon>, IAsyncLifetime
{
    private Ufw? _ufw;

    private Ufw Ufw => _ufw!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Ufw.IsInstalled, "ufw is not installed");
        _ufw = await Ufw.PrepareAsync(wired.Daemon);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ufw is not null)
        {
            await Ufw.TextAsync("--force", "reset");
            await TextAsync("nft", "flush", "ruleset"); // it does not put its jumps into INPUT back where its chains stand
            await _ufw.DisposeAsync();
        }
    }

    [Fact]
    public async Task ItDecidesWhereItIsAskedAndIsNamedWhereNot()
    {
        await Ufw.TextAsync("--force", "enable");
        JsonNode open = await wired.Daemon.AnswerAsync("/containers/create?name=uo", PortDecision.Container(8080, "open")), host = await wired.Daemon.AnswerAsync("/containers/create?name=uh", PortDecision.Container(8081, "host"));
        Assert.Contains("denies tcp port 8080 (chain INPUT of the table ip filter)", PortDecision.Warning(open), StringComparison.Ordinal);
        Assert.Contains("denies udp port 8080", PortDecision.Warning(open), StringComparison.Ordinal);
        Assert.Empty(host["Warnings"]!.AsArray());
        await PortDecision.HoldsAsync(wired, "uo", "uh", () => Ufw.TextAsync("allow", "8081"));
        await Ufw.TextAsync("allow", "8080");
        Assert.Empty((await wired.Daemon.AnswerAsync("/containers/create?name=uo", PortDecision.Container(8080, "open")))["Warnings"]!.AsArray());
        await wired.Daemon.TextAsync("rm", "-f", "uo");
    }

    [Theory]
    [InlineData("ufw reload")]
    [InlineData("ufw disable")]
    [InlineData("ufw --force enable")]
    [InlineData("ufw default reject routed")]
    [InlineData("ufw deny 8090")]
    [InlineData("iptables -F")]
    [InlineData("iptables -P FORWARD DROP")]
    [InlineData("ip6tables -P FORWARD DROP")]
    [InlineData("nft flush ruleset")]
    public async Task NothingDropsAndPortsAnswer(string change)
    {
        await Ufw.TextAsync("allow", $"{Traffic.ThroughHost}");
        await Ufw.TextAsync("--force", "enable");
        await using Traffic traffic = await Traffic.BeginAsync(wired);
        await traffic.HoldsAsync("before");
        string[] words = change.Split(' ');
        await (words[0] == "ufw" ? Ufw.TextAsync(words[1..]) : TextAsync(words));
        if (change == "iptables -F")
        {
            await TextAsync("iptables", "-P", "INPUT", "ACCEPT"); // its policy is to drop, and all that let packets in is gone
        }

        await traffic.HoldsAsync($"after {change}");
    }

    private async Task<string> TextAsync(params string[] words) => (await wired.Daemon.Host.RunAsync(words)).Text;
}
