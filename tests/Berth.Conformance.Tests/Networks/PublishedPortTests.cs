using System.Globalization;
using System.Net;
using System.Net.Sockets;

using Berth.Testing.Clients;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Who reaches a published port, whom the server sees then, and who may have a port.</summary>
public sealed class PublishedPortTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public async Task TheServerSeesItsClients(string protocol)
    {
        string network = wired.NewName("n"), other = wired.NewName("n");
        await wired.Daemon.TextAsync("network", "create", "--ipv6", network);
        await wired.Daemon.TextAsync("network", "create", "--ipv6", other);
        string name = await wired.SleeperAsync("--network", network, "-p", $"8080/{protocol}"), neighbour = await wired.SleeperAsync("--network", network);
        string elsewhere = await wired.SleeperAsync("--network", other);
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name), same = await Place.OfContainerAsync(wired.Daemon, neighbour);
        using Place apart = await Place.OfContainerAsync(wired.Daemon, elsewhere);
        await using var server = new PeerServer(inside, "web", 8080);
        string port = (await wired.Daemon.TextAsync("port", name)).Split('\n')[0].Split(':')[^1];
        string gateway = await wired.GatewayAsync(name, network), gateway6 = await wired.ShownAsync(name, $"{{{{(index .NetworkSettings.Networks \"{network}\").IPv6Gateway}}}}");
        Task<string> Ask(Place from, string host) => protocol == "tcp" ? from.AskAsync($"{host}:{port}") : from.AskByDatagramAsync($"{host}:{port}");

        Assert.Equal($"web {WiredDaemon.OutsideAddress}", await Ask(wired.Outside, WiredDaemon.HostAddress));
        Assert.Equal($"web {WiredDaemon.OutsideAddress}", await Ask(wired.Outside, WiredDaemon.SecondAddress));
        Assert.Equal($"web {WiredDaemon.OutsideAddress6}", await Ask(wired.Outside, $"[{WiredDaemon.HostAddress6}]"));
        Assert.Equal($"web {WiredDaemon.HostAddress}", await Ask(wired.Host, WiredDaemon.HostAddress));
        Assert.Equal($"web {gateway}", await Ask(wired.Host, "127.0.0.1"));
        Assert.Equal($"web {gateway}", await Ask(wired.Host, "127.9.9.9"));
        Assert.Equal($"web {gateway6}", await Ask(wired.Host, "[::1]"));
        Assert.Equal($"web {await wired.AddressAsync(elsewhere, other)}", await Ask(apart, WiredDaemon.HostAddress));
        Assert.Equal($"web {gateway}", await Ask(same, WiredDaemon.HostAddress));
        Assert.Equal($"web {gateway}", await Ask(same, gateway));
        Assert.Equal($"web {gateway}", await Ask(inside, WiredDaemon.HostAddress));
        Assert.Equal($"web {gateway6}", await Ask(same, $"[{WiredDaemon.HostAddress6}]"));
        string six = await wired.ShownAsync(elsewhere, $"{{{{(index .NetworkSettings.Networks \"{other}\").GlobalIPv6Address}}}}");
        Assert.Equal($"web {six}", await Ask(apart, $"[{WiredDaemon.HostAddress6}]"));
        await wired.Daemon.TextAsync("rm", "-f", name, neighbour, elsewhere);
    }

    /// <summary>A container without IPv6 answers at the host's IPv6 addresses: the monitor passes it on, as the bridge's address.</summary>
    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public async Task Ipv6ReachesAContainerThatHasNone(string protocol)
    {
        string name = await wired.SleeperAsync("-p", $"8081:80/{protocol}");
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        await using var server = new PeerServer(inside, "four", 80);
        string gateway = await wired.GatewayAsync(name);
        Task<string> Ask(Place from, string to) => protocol == "tcp" ? from.AskAsync(to) : from.AskByDatagramAsync(to);
        Assert.Equal($"four {gateway}", await Ask(wired.Outside, $"[{WiredDaemon.HostAddress6}]:8081"));
        Assert.Equal($"four {gateway}", await Ask(wired.Host, "[::1]:8081"));
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    [Fact]
    public async Task OneAddressIsOneAddress()
    {
        string one = await wired.SleeperAsync("-p", $"{WiredDaemon.SecondAddress}:7000:80"), two = await wired.SleeperAsync("-p", "127.0.0.1:7000:80");
        using Place first = await Place.OfContainerAsync(wired.Daemon, one), second = await Place.OfContainerAsync(wired.Daemon, two);
        await using PeerServer a = new(first, "one", 80), b = new(second, "two", 80);
        Assert.Equal($"one {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.SecondAddress}:7000"));
        Assert.Equal("!ConnectionRefused", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:7000"));
        Assert.StartsWith("two ", await wired.Host.AskAsync("127.0.0.1:7000"), StringComparison.Ordinal);
        Assert.Equal("!ConnectionRefused", await wired.Host.AskAsync("127.0.0.2:7000"));
        Assert.Equal($"80/tcp -> {WiredDaemon.SecondAddress}:7000", await wired.Daemon.TextAsync("port", one));
        await wired.Daemon.TextAsync("rm", "-f", one, two);
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task ATakenPortIsRefusedWithItsHolder(string version)
    {
        DockerClient client = Clients.Of(version);
        string holder = await wired.SleeperAsync("-p", "7100:80");
        string refused = wired.NewName();
        ProcessResult result = await client.RunAsync(wired.Daemon, "run", "-d", "--name", refused, "-p", "7105:81", "-p", "7100:80", "busybox", "sleep", "1000");
        Assert.Equal(125, result.ExitCode);
        Assert.Contains("port is already allocated", result.Error, StringComparison.Ordinal);
        Assert.Contains(holder, result.Error, StringComparison.Ordinal);
        Assert.Equal("created", await wired.Daemon.StatusAsync(refused));
        Assert.Equal("!ConnectionRefused", await wired.Host.AskAsync("127.0.0.1:7105"));
        string free = await wired.SleeperAsync("-p", "7105:81"); // what the failed start had taken first is free again
        await wired.Daemon.TextAsync("rm", "-f", holder);
        await wired.Daemon.TextAsync("rm", "-f", free);
        await wired.Daemon.TextAsync("start", refused);
        await wired.Daemon.TextAsync("rm", "-f", refused);
    }

    [Theory]
    [InlineData("tcp", "127.0.0.1")]
    [InlineData("tcp", "198.51.100.1")]
    [InlineData("udp", "127.0.0.1")]
    public async Task AForeignProgramsPortIsRefused(string protocol, string address)
    {
        var at = new IPEndPoint(IPAddress.Parse(address), 7200);
        string name = wired.NewName();
        using (Socket foreign = protocol == "tcp" ? wired.Host.Listen(at) : wired.Host.Bind(at))
        {
            ProcessResult result = await DockerClient.Berth.RunAsync(wired.Daemon, "run", "-d", "--name", name, "-p", $"7200:80/{protocol}", "busybox", "sleep", "1000");
            Assert.Equal(125, result.ExitCode);
            Assert.Contains("address already in use", result.Error, StringComparison.Ordinal);
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}"), result.Error, StringComparison.Ordinal);
        }

        await wired.Daemon.TextAsync("start", name);
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    [Theory]
    [InlineData("stop -t 0")]
    [InlineData("kill")]
    [InlineData("rm -f")]
    public async Task PortsAreFreeAfterTheEnd(string command)
    {
        string name = await wired.SleeperAsync("-p", "7300:80", "-p", "7300:80/udp");
        await wired.Daemon.TextAsync([.. command.Split(' '), name]);
        string next = await wired.SleeperAsync("-p", "7300:80", "-p", "7300:80/udp");
        await wired.Daemon.TextAsync("rm", "-f", next);
        using Socket foreign = wired.Host.Listen(new IPEndPoint(IPAddress.IPv6Any, 7300));
    }

    [Fact]
    public async Task ARestartKeepsFixedPorts()
    {
        string name = await wired.SleeperAsync("-p", "7400:80", "-p", "7401-7402:81-82");
        string before = await wired.Daemon.TextAsync("port", name);
        Assert.Equal("80/tcp -> 0.0.0.0:7400\n80/tcp -> [::]:7400\n81/tcp -> 0.0.0.0:7401\n81/tcp -> [::]:7401\n82/tcp -> 0.0.0.0:7402\n82/tcp -> [::]:7402", before);
        await wired.Daemon.TextAsync("restart", "-t", "0", name);
        Assert.Equal(before, await wired.Daemon.TextAsync("port", name));
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        await using var server = new PeerServer(inside, "again", 80);
        Assert.Equal($"again {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:7400"));
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    /// <summary>A range of the host for one port takes the first that is free; -P publishes what is exposed.</summary>
    [Fact]
    public async Task RangesAndAllExposed()
    {
        string[] names = [await wired.SleeperAsync("-p", "7500-7501:80"), await wired.SleeperAsync("-p", "7500-7501:80")];
        Assert.Equal("0.0.0.0:7500", (await wired.Daemon.TextAsync("port", names[0], "80")).Split('\n')[0]);
        Assert.Equal("0.0.0.0:7501", (await wired.Daemon.TextAsync("port", names[1], "80")).Split('\n')[0]);
        ProcessResult third = await DockerClient.Berth.RunAsync(wired.Daemon, "run", "--rm", "-p", "7500-7501:80", "busybox", "true");
        Assert.Equal(125, third.ExitCode);
        Assert.Contains("7500-7501", third.Error, StringComparison.Ordinal);
        string all = await wired.SleeperAsync("-P", "--expose", "90", "--expose", "91/udp", "--expose", "95-96");
        string[] ports = (await wired.Daemon.TextAsync("port", all)).Split('\n');
        Assert.Equal(["90/tcp", "90/tcp", "91/udp", "91/udp", "95/tcp", "95/tcp", "96/tcp", "96/tcp"], ports.Select(static p => p.Split(' ')[0]));
        await wired.Daemon.TextAsync(["rm", "-f", all, .. names]);
    }
}
