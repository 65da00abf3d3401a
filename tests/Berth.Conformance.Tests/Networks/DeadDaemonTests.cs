using System.Net.Sockets;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Published ports while the daemon is dead, and when it comes back.</summary>
public sealed class DeadDaemonTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    [Theory]
    [InlineData("open")]
    [InlineData("host")]
    public async Task ConnectionsOutliveTheDaemon(string policy)
    {
        string network = wired.NewName("n");
        await wired.Daemon.TextAsync("network", "create", "--ipv6", network);
        string name = await wired.SleeperAsync("--network", network, "--label", $"berth.publish-policy={policy}", "-p", "8080", "-p", "8080/udp");
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        await using var server = new PeerServer(inside, "web", 8080);
        string ports = await wired.Daemon.TextAsync("port", name), port = (await wired.Daemon.TextAsync("port", name, "8080/tcp")).Split('\n')[0].Split(':')[^1];
        string udp = (await wired.Daemon.TextAsync("port", name, "8080/udp")).Split('\n')[0].Split(':')[^1];
        var open = new List<Socket>();
        (Place From, string Host)[] ways = [(wired.Outside, WiredDaemon.HostAddress), (wired.Outside, $"[{WiredDaemon.HostAddress6}]"), (wired.Host, "127.0.0.1"), (wired.Host, "[::1]")];
        foreach ((Place from, string host) in ways)
        {
            open.Add(await from.ConnectAsync(System.Net.IPEndPoint.Parse($"{host}:{port}")));
            Assert.StartsWith("web ", await Place.LineAsync(open[^1]), StringComparison.Ordinal);
        }

        async Task AllAsync(string when)
        {
            foreach (Socket socket in open)
            {
                Assert.Equal(when, await Place.EchoAsync(socket, when));
            }

            foreach ((Place from, string host) in ways)
            {
                Assert.StartsWith("web ", await from.AskAsync($"{host}:{port}"), StringComparison.Ordinal);
                Assert.StartsWith("web ", await from.AskByDatagramAsync($"{host}:{udp}"), StringComparison.Ordinal);
            }

            Assert.Equal($"web {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:{port}"));
        }

        await AllAsync("before");
        await wired.Daemon.KillAsync();
        await AllAsync("dead");
        await wired.Daemon.LaunchAsync();
        await AllAsync("back");
        Assert.Equal(ports, await wired.Daemon.TextAsync("port", name));
        open.ForEach(static s => s.Dispose());
        await wired.Daemon.TextAsync("rm", "-f", name);
        Assert.Equal("!ConnectionRefused", await wired.Host.AskAsync($"127.0.0.1:{port}"));
    }

    /// <summary>A flow of datagrams that never pauses reaches the container that has the port now, not the memory of the one before.</summary>
    [Theory]
    [InlineData(WiredDaemon.HostAddress)]
    [InlineData($"[{WiredDaemon.HostAddress6}]")]
    public async Task DatagramsFollowAPortThatMoved(string host)
    {
        string network = wired.NewName("n");
        await wired.Daemon.TextAsync("network", "create", "--ipv6", network);
        string one = await wired.SleeperAsync("--network", network, "-p", "5353:53/udp"), two = await wired.SleeperAsync("--network", network);
        using Place first = await Place.OfContainerAsync(wired.Daemon, one), second = await Place.OfContainerAsync(wired.Daemon, two);
        await using PeerServer a = new(first, "one", 53), b = new(second, "two", 53);
        using Socket flow = wired.Outside.Datagrams($"{host}:5353");
        Assert.StartsWith("one ", await Place.AskAsync(flow), StringComparison.Ordinal);
        await wired.Daemon.DoAsync(HttpMethod.Post, $"/containers/{one}/update", """{"PortBindingsRemove":{"53/udp":[]}}""");
        await wired.Daemon.DoAsync(HttpMethod.Post, $"/containers/{two}/update", """{"PortBindingsAdd":{"53/udp":[{"HostPort":"5353"}]}}""");
        Assert.StartsWith("two ", await Place.AskAsync(flow), StringComparison.Ordinal);
        await wired.Daemon.TextAsync("rm", "-f", one, two);
    }
}
