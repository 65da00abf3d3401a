using System.Globalization;
using System.Net;

namespace Berth.Conformance.Tests.Networks;

/// <summary>The embedded DNS as containers see it, and the files beside it.</summary>
public sealed class NameTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    private static string Reverse(string address) => string.Join('.', address.Split('.').Reverse()) + ".in-addr.arpa";

    [Fact]
    public async Task NeighboursAreFoundByAllTheirNames()
    {
        string network = await NetworkAsync("--ipv6"), elsewhere = await NetworkAsync();
        string asks = await wired.SleeperAsync("--network", network, "--dns", WiredDaemon.OutsideAddress), one = await wired.SleeperAsync("--network", network, "--network-alias", "db", "--hostname", "shown");
        string two = await wired.SleeperAsync("--network", network, "--network-alias", "db"), stranger = await wired.SleeperAsync("--network", elsewhere);
        using Place inside = await Place.OfContainerAsync(wired.Daemon, asks);
        string first = await wired.AddressAsync(one, network), second = await wired.AddressAsync(two, network), id = await wired.ShownAsync(one, "{{.Id}}");
        string six = await wired.ShownAsync(one, $"{{{{(index .NetworkSettings.Networks \"{network}\").GlobalIPv6Address}}}}");
        foreach (string name in new[] { one, one.ToUpperInvariant(), $"{one}.", id[..12], "shown", $"{one}.{network}" })
        {
            Assert.Equal($"0 {first}", await NameAnswer.TextAsync(inside, name));
        }

        Assert.Equal($"0 {six}", await NameAnswer.TextAsync(inside, one, NameAnswer.Aaaa));
        Assert.Equal($"0 {one}.{network}", await NameAnswer.TextAsync(inside, Reverse(first), NameAnswer.Ptr));
        Assert.Equal($"0 {string.Join(' ', new[] { first, second }.Order(StringComparer.Ordinal))}", await NameAnswer.TextAsync(inside, "db"));
        var leading = new HashSet<string>();
        for (int i = 0; i < 64; i++)
        {
            leading.Add((await NameAnswer.AskAsync(inside, "db"))!.Records[0]);
        }

        Assert.Equal([first, second], leading.Order(StringComparer.Ordinal).OrderBy(a => a != first)); // each comes first at times
        Assert.NotEqual($"0 {await wired.AddressAsync(stranger, elsewhere)}", await NameAnswer.TextAsync(inside, stranger));
        await RemoveAsync(asks, one, two, stranger);
    }

    [Fact]
    public async Task NamesFollowWhatHappens()
    {
        string network = await NetworkAsync(), asks = await wired.SleeperAsync("--network", network, "--dns", WiredDaemon.OutsideAddress), name = await wired.SleeperAsync("--network", network), late = await wired.SleeperAsync();
        using Place inside = await Place.OfContainerAsync(wired.Daemon, asks);
        string address = await wired.AddressAsync(name, network), renamed = wired.NewName("renamed");
        Assert.Equal($"0 {address}", await NameAnswer.TextAsync(inside, name));
        await wired.Daemon.TextAsync("rename", name, renamed);
        Assert.Equal($"0 {address}", await NameAnswer.TextAsync(inside, renamed));
        Assert.NotEqual($"0 {address}", await NameAnswer.TextAsync(inside, name));
        await wired.Daemon.TextAsync("network", "connect", "--alias", "cache", network, late);
        Assert.Equal($"0 {await wired.AddressAsync(late, network)}", await NameAnswer.TextAsync(inside, "cache"));
        using (Place lately = await Place.OfContainerAsync(wired.Daemon, late))
        {
            Assert.Equal($"0 {address}", await NameAnswer.TextAsync(lately, renamed));
        }

        await wired.Daemon.KillAsync();
        await wired.Daemon.LaunchAsync();
        Assert.Equal($"0 {address}", await NameAnswer.TextAsync(inside, renamed));
        Assert.Equal($"0 {await wired.AddressAsync(late, network)}", await NameAnswer.TextAsync(inside, "cache"));
        await wired.Daemon.TextAsync("network", "disconnect", network, late);
        Assert.NotEqual("0", (await NameAnswer.TextAsync(inside, "cache"))[..1]);
        await wired.Daemon.TextAsync("stop", "-t", "0", renamed);
        Assert.NotEqual("0", (await NameAnswer.TextAsync(inside, renamed))[..1]);
        await RemoveAsync(asks, renamed, late);
    }

    /// <summary>What is not here is asked for outside: over TCP where it is too long for a datagram. Not from internal networks.</summary>
    [Fact]
    public async Task TheRestIsForwarded()
    {
        await using var resolver = new TestResolver(wired.Outside, WiredDaemon.OutsideAddress, new Dictionary<string, string[]>
        {
            ["www.example.com"] = ["203.0.113.7", "2001:db8::7"], ["long.example.com"] = ["*40"],
        });
        string network = await NetworkAsync(), closed = await NetworkAsync("--internal");
        string name = await wired.SleeperAsync("--network", network, "--dns", WiredDaemon.OutsideAddress), inner = await wired.SleeperAsync("--network", closed, "--dns", WiredDaemon.OutsideAddress);
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name), apart = await Place.OfContainerAsync(wired.Daemon, inner);
        Assert.Equal("0 203.0.113.7", await NameAnswer.TextAsync(inside, "www.example.com"));
        Assert.Equal("0 2001:db8::7", await NameAnswer.TextAsync(inside, "www.example.com", NameAnswer.Aaaa));
        Assert.Equal("3", await NameAnswer.TextAsync(inside, "missing.example.com"));
        NameAnswer? cut = await NameAnswer.AskAsync(inside, "long.example.com", NameAnswer.Text);
        Assert.True(cut is { Truncated: true }, $"{cut}");
        Assert.Equal("0 4000 bytes", (await NameAnswer.AskAsync(inside, "long.example.com", NameAnswer.Text, stream: true))?.ToString());
        resolver.Asked.Clear();
        Assert.NotEqual("0", (await NameAnswer.TextAsync(apart, "www.example.com"))[..1]);
        Assert.Empty(resolver.Asked);
        await RemoveAsync(name, inner);
    }

    /// <summary>A container that is a name server itself: at every address, and its neighbours ask it.</summary>
    [Fact]
    public async Task AContainerMayServeNamesItself()
    {
        string network = await NetworkAsync(), server = await wired.SleeperAsync("--network", network), asks = await wired.SleeperAsync("--network", network);
        using Place inside = await Place.OfContainerAsync(wired.Daemon, server), beside = await Place.OfContainerAsync(wired.Daemon, asks);
        await using var own = new TestResolver(inside, "0.0.0.0", new Dictionary<string, string[]> { ["own.test"] = ["203.0.113.9"] });
        string address = await wired.AddressAsync(server, network);
        Assert.Equal("0 203.0.113.9", (await NameAnswer.AskAsync(beside, "own.test", server: $"{address}:53"))?.ToString());
        Assert.Equal("0 203.0.113.9", (await NameAnswer.AskAsync(beside, "own.test", server: $"{address}:53", stream: true))?.ToString());
        Assert.Equal("0 203.0.113.9", (await NameAnswer.AskAsync(inside, "own.test", server: "127.0.0.1:53"))?.ToString());
        Assert.Equal($"0 {address}", await NameAnswer.TextAsync(inside, server)); // and still finds its neighbours at 127.0.0.11
        await RemoveAsync(server, asks);
    }

    [Fact]
    public async Task TheFilesSayWhatWasAskedFor()
    {
        string network = await NetworkAsync();
        string name = await wired.SleeperAsync(
            "--network", network, "--hostname", "web", "--domainname", "example.org", "--dns", "192.0.2.53", "--dns-search", "a.test", "--dns-search", "b.test",
            "--dns-option", "ndots:2", "--add-host", "db:192.0.2.7", "--add-host", "up:host-gateway");
        string resolv = await wired.Daemon.TextAsync("exec", name, "cat", "/etc/resolv.conf");
        Assert.Contains("nameserver 127.0.0.11", resolv, StringComparison.Ordinal);
        Assert.Contains("search a.test b.test", resolv, StringComparison.Ordinal);
        Assert.Matches("options .*ndots:2", resolv);
        string address = await wired.AddressAsync(name, network);
        string[] hosts = [.. (await wired.Daemon.TextAsync("exec", name, "cat", "/etc/hosts")).Split('\n').Select(static l => string.Join(' ', l.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Contains("127.0.0.1 localhost", hosts);
        Assert.Contains("192.0.2.7 db", hosts);
        Assert.Contains($"{address} web.example.org web", hosts);
        string gateway = await wired.ShownHostGatewayAsync();
        Assert.Contains($"{gateway} up", hosts);
        Assert.Equal("web", await wired.Daemon.TextAsync("exec", name, "cat", "/etc/hostname"));
        Assert.Equal("example.org", (await wired.Daemon.TextAsync("exec", name, "cat", "/proc/sys/kernel/domainname")).Trim());
        await using var up = new PeerServer(wired.Host, "host", 9400);
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        Assert.Equal($"host {address}", await inside.AskAsync(string.Create(CultureInfo.InvariantCulture, $"{IPAddress.Parse(gateway)}:9400")));
        await RemoveAsync(name);
    }

    private async Task<string> NetworkAsync(params string[] options)
    {
        string name = wired.NewName("n");
        await wired.Daemon.TextAsync(["network", "create", .. options, name]);
        return name;
    }

    private Task RemoveAsync(params string[] names) => wired.Daemon.TextAsync(["rm", "-f", .. names]);
}
