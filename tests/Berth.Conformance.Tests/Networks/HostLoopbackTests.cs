using System.Net;
using System.Net.Sockets;

using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>CVE-2020-8558: what listens on the host's loopback only is reached from the host only, though 127.0.0.1 leads to published ports.</summary>
public sealed class HostLoopbackTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    private const string Secret = "127.0.0.1:7777";

    [Fact]
    public async Task AContainerDoesNotReachTheHostsLoopback()
    {
        await using var secret = new PeerServer(wired.Host, "secret", 7777, IPAddress.Loopback);
        Assert.Equal("secret 127.0.0.1", await wired.Host.AskAsync(Secret));
        string network = wired.NewName("n");
        await wired.Daemon.TextAsync("network", "create", network);
        foreach (string on in new[] { "bridge", network })
        {
            // A port published at 127.0.0.1 must not open the way either.
            string name = await wired.SleeperAsync("--network", on, "--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW", "-p", "127.0.0.1::80");
            using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
            string gateway = await wired.GatewayAsync(name, on);
            int lo = (await wired.Daemon.TextAsync("exec", name, "sh", "-c", $"ip addr del 127.0.0.1/8 dev lo; ip route del local 127.0.0.0/8 dev lo table local; ip route add 127.0.0.0/8 via {gateway}; ip route get 127.0.0.1")).IndexOf("dev eth0", StringComparison.Ordinal);
            Assert.True(lo > 0, "the route leads to the host");
            await AllowLoopbackOutAsync(name);
            Assert.Equal("!TimedOut", await inside.AskAsync(Secret));
            Assert.Equal("!TimedOut", await inside.AskByDatagramAsync(Secret));
            await wired.Daemon.TextAsync("rm", "-f", name);
        }
    }

    /// <summary>A neighbour on the wire with a route to 127.0.0.0/8 by the host gets no answer, nor does it see a port that is published at 127.0.0.1.</summary>
    [Fact]
    public async Task AnOutsideHostDoesNotReachIt()
    {
        await using var secret = new PeerServer(wired.Host, "secret", 7777, IPAddress.Loopback);
        string name = await wired.SleeperAsync("-p", "127.0.0.1:7778:80");
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        await using var server = new PeerServer(inside, "local", 80);
        Assert.StartsWith("local ", await wired.Host.AskAsync("127.0.0.1:7778"), StringComparison.Ordinal);
        Assert.Equal("!ConnectionRefused", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:7778"));
        foreach (string command in new[]
        {
            "sysctl -qw net.ipv4.conf.all.route_localnet=1", "ip addr del 127.0.0.1/8 dev lo", "ip route flush table local 127.0.0.0/8", $"ip route add 127.0.0.0/8 via {WiredDaemon.HostAddress} src {WiredDaemon.OutsideAddress}",
        })
        {
            await wired.OutsideNamespace.RunAsync(command.Split(' '));
        }

        Assert.Contains("dev eth0", (await wired.OutsideNamespace.RunAsync("ip", "route", "get", "127.0.0.1")).Text, StringComparison.Ordinal);
        Assert.Equal("!TimedOut", await wired.Outside.AskAsync(Secret));
        Assert.Equal("!TimedOut", await wired.Outside.AskAsync("127.0.0.1:7778"));
    }

    /// <summary>Nor is a datagram that claims to come from the host's loopback taken for one.</summary>
    [Fact]
    public async Task AContainerDoesNotSpeakAsTheHostsLoopback()
    {
        string name = await wired.SleeperAsync("--cap-add", "NET_ADMIN");
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        string gateway = await wired.GatewayAsync(name);
        using Socket service = wired.Host.Bind(new IPEndPoint(IPAddress.Parse(gateway), 7779));
        using Socket honest = inside.Datagrams($"{gateway}:7779");
        await honest.SendAsync("honest"u8.ToArray());
        Assert.Equal("honest", await Place.LineAsync(service));
        await AllowLoopbackOutAsync(name);
        await wired.Daemon.TextAsync("exec", name, "ip", "addr", "add", "127.0.0.2/32", "dev", "eth0");
        using (Socket forged = inside.Datagrams($"{gateway}:7779", "127.0.0.2"))
        {
            await forged.SendAsync("forged"u8.ToArray());
        }

        Assert.Equal("!TimedOut", await Place.LineAsync(service));
    }

    private async Task AllowLoopbackOutAsync(string name) => _ = (await Run.Async(
        "nsenter", $"--net=/proc/{await wired.ShownAsync(name, "{{.State.Pid}}")}/ns/net", "sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1")).Text;
}
