using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

using Berth.Testing.Clients;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Ports that come and go while a container runs, by "berth port" and by update.</summary>
public sealed class PortChangeTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    [Fact]
    public async Task PortsComeAndGoBesideAnOpenConnection()
    {
        string name = await wired.SleeperAsync("-p", "8100:80");
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        await using PeerServer web = new(inside, "web", 80), more = new(inside, "more", 81);
        using Socket open = await wired.Outside.ConnectAsync(IPEndPoint.Parse($"{WiredDaemon.HostAddress}:8100"));
        using Socket open6 = await wired.Outside.ConnectAsync(IPEndPoint.Parse($"[{WiredDaemon.HostAddress6}]:8100"));
        Assert.StartsWith("web ", await Place.LineAsync(open), StringComparison.Ordinal);
        Assert.StartsWith("web ", await Place.LineAsync(open6), StringComparison.Ordinal);

        Assert.Equal("81/tcp -> 0.0.0.0:8101\n81/tcp -> [::]:8101\n81/udp -> 127.0.0.1:8101", await BerthAsync("port", "add", name, "8101:81", "127.0.0.1:8101:81/udp"));
        Assert.Equal($"more {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8101"));
        Assert.StartsWith("more ", await wired.Host.AskByDatagramAsync("127.0.0.1:8101"), StringComparison.Ordinal);
        Assert.Equal("added", await Place.EchoAsync(open, "added"));

        await BerthAsync("port", "rm", name, "80", "81/udp");
        Assert.Equal("81/tcp -> 0.0.0.0:8101\n81/tcp -> [::]:8101", await wired.Daemon.TextAsync("port", name));
        Assert.Equal("!ConnectionRefused", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8100"));
        Assert.Equal("!ConnectionRefused", await wired.Outside.AskAsync($"[{WiredDaemon.HostAddress6}]:8100"));
        Assert.Equal("removed", await Place.EchoAsync(open, "removed"));
        Assert.Equal("removed", await Place.EchoAsync(open6, "removed"));

        await wired.Daemon.KillAsync();
        await wired.Daemon.LaunchAsync();
        Assert.Equal("81/tcp -> 0.0.0.0:8101\n81/tcp -> [::]:8101", await wired.Daemon.TextAsync("port", name));
        Assert.Equal("restarted", await Place.EchoAsync(open, "restarted"));
        await wired.Daemon.TextAsync("restart", "-t", "0", name);
        Assert.Equal("81/tcp -> 0.0.0.0:8101\n81/tcp -> [::]:8101", await wired.Daemon.TextAsync("port", name));
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    /// <summary>The whole set at once keeps what is in both.</summary>
    [Fact]
    public async Task UpdateReplacesTheSet()
    {
        string name = await wired.SleeperAsync("-p", "8110:80", "-p", "8111:80");
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        await using var web = new PeerServer(inside, "web", 80);
        using Socket open = await wired.Outside.ConnectAsync(IPEndPoint.Parse($"{WiredDaemon.HostAddress}:8111"));
        Assert.StartsWith("web ", await Place.LineAsync(open), StringComparison.Ordinal);
        await UpdateAsync(name, """{"PortBindings":{"80/tcp":[{"HostPort":"8111"},{"HostPort":"8112"}]}}""");
        Assert.Equal("80/tcp -> 0.0.0.0:8111\n80/tcp -> 0.0.0.0:8112\n80/tcp -> [::]:8111\n80/tcp -> [::]:8112", string.Join('\n', (await wired.Daemon.TextAsync("port", name)).Split('\n').Order(StringComparer.Ordinal)));
        Assert.Equal("here", await Place.EchoAsync(open, "here"));
        Assert.Equal("!ConnectionRefused", await wired.Host.AskAsync("127.0.0.1:8110"));
        await UpdateAsync(name, """{"PortBindings":{}}""");
        Assert.Equal("", await wired.Daemon.TextAsync("port", name));
        Assert.Equal("still", await Place.EchoAsync(open, "still"));
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    /// <summary>Who was made without a network has ports as others do once it is on one, also after a restart.</summary>
    [Fact]
    public async Task WhoWasMadeWithoutANetworkHasPortsOnceItIsOnOne()
    {
        string name = await wired.SleeperAsync("--network", "none");
        ProcessResult refused = await DockerClient.Berth.RunAsync(wired.Daemon, "port", "add", name, "8160:80");
        Assert.Contains("has the network mode none", refused.Error, StringComparison.Ordinal);
        await wired.Daemon.TextAsync("network", "create", "moved");
        await wired.Daemon.TextAsync("network", "disconnect", "none", name);
        await wired.Daemon.TextAsync("network", "connect", "moved", name);
        const string Ports = "80/tcp -> 0.0.0.0:8160\n80/tcp -> [::]:8160";
        Assert.Equal(Ports, await BerthAsync("port", "add", name, "8160:80"));
        using (Place inside = await Place.OfContainerAsync(wired.Daemon, name))
        {
            await using var web = new PeerServer(inside, "web", 80);
            Assert.StartsWith("web ", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:8160"), StringComparison.Ordinal);
        }

        await wired.Daemon.TextAsync("restart", "-t", "0", name);
        Assert.Equal(Ports, await wired.Daemon.TextAsync("port", name));
        await wired.Daemon.TextAsync("network", "disconnect", "moved", name);
        Assert.Equal("", await wired.Daemon.TextAsync("port", name));
        await wired.Daemon.TextAsync("rm", "-f", name);
        await wired.Daemon.TextAsync("network", "rm", "moved");
    }

    [Fact]
    public async Task AStoppedContainerRemembers()
    {
        string name = await wired.SleeperAsync("-p", "8120:80");
        await wired.Daemon.TextAsync("stop", "-t", "0", name);
        await BerthAsync("port", "add", name, "8121:81");
        await BerthAsync("port", "rm", name, "80");
        Assert.Equal("{\"81/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8121\"}]}", await wired.ShownAsync(name, "{{json .HostConfig.PortBindings}}"));
        await wired.Daemon.TextAsync("start", name);
        Assert.Equal("81/tcp -> 0.0.0.0:8121\n81/tcp -> [::]:8121", await wired.Daemon.TextAsync("port", name));
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    /// <summary>A range, or any port, goes with the port that was chosen for it.</summary>
    [Theory]
    [InlineData("8150-8155:80")]
    [InlineData("80")]
    public async Task WhatWasChosenGoesWithItsChoice(string published)
    {
        string name = await wired.SleeperAsync("-p", published, "-p", "8156:81");
        string port = (await wired.Daemon.TextAsync("port", name, "80")).Split('\n')[0].Split(':')[^1];
        await BerthAsync("port", "rm", name, $"{port}:80");
        Assert.Equal("81/tcp -> 0.0.0.0:8156\n81/tcp -> [::]:8156", await wired.Daemon.TextAsync("port", name));
        await wired.Daemon.TextAsync("restart", "-t", "0", name);
        Assert.Equal("81/tcp -> 0.0.0.0:8156\n81/tcp -> [::]:8156", await wired.Daemon.TextAsync("port", name));
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    /// <summary>One that is taken, or no port at all: nothing has changed then.</summary>
    [Fact]
    public async Task WhatIsRefusedChangesNothing()
    {
        string holder = await wired.SleeperAsync("-p", "8130:80"), name = await wired.SleeperAsync("-p", "8131:80");
        string before = await wired.Daemon.TextAsync("port", name), wanted = await wired.ShownAsync(name, "{{json .HostConfig.PortBindings}}");
        ProcessResult taken = await DockerClient.Berth.RunAsync(wired.Daemon, "port", "add", name, "8132:82", "8130:81");
        Assert.Equal(1, taken.ExitCode);
        Assert.Contains(holder, taken.Error, StringComparison.Ordinal);
        foreach ((string body, int status) in new[]
        {
            ("""{"PortBindingsAdd":{"http/tcp":[{"HostPort":"1"}]}}""", 400), ("""{"PortBindingsAdd":{"80/tcp":[{"HostPort":"70000"}]}}""", 400),
            ("""{"PortBindingsAdd":{"80/tcp":[{"HostIp":"300.1.1.1","HostPort":"8132"}]}}""", 400), ("""{"PortBindingsAdd":{"80/tcp":[{"HostIp":"192.0.2.1","HostPort":"8132"}]}}""", 400),
        })
        {
            Assert.Equal(status, (await wired.Daemon.Api.ErrorAsync(HttpMethod.Post, $"/containers/{name}/update", body)).Status);
        }

        ProcessResult nowhere = await DockerClient.Berth.RunAsync(wired.Daemon, "port", "rm", name, "8131:80", "8131:81");
        Assert.Equal(1, nowhere.ExitCode);
        Assert.Contains($"no public port '8131:81/tcp' published for {name}: it publishes 0.0.0.0:8131/tcp (80/tcp)", nowhere.Error, StringComparison.Ordinal);
        Assert.Equal(400, (await wired.Daemon.Api.ErrorAsync(HttpMethod.Post, $"/containers/{name}/update", """{"PortBindingsRemove":{"80/udp":[]}}""")).Status);

        Assert.Equal(before, await wired.Daemon.TextAsync("port", name));
        Assert.Equal(wanted, await wired.ShownAsync(name, "{{json .HostConfig.PortBindings}}"));
        Assert.Equal("!ConnectionRefused", await wired.Host.AskAsync("127.0.0.1:8132"));
        using (wired.Host.Listen(new IPEndPoint(IPAddress.Any, 8132)))
        {
            // Nobody holds it.
        }

        await wired.Daemon.TextAsync("rm", "-f", holder, name);
        string alone = await wired.SleeperAsync("--network", "none");
        Assert.Equal(409, (await wired.Daemon.Api.ErrorAsync(HttpMethod.Post, $"/containers/{alone}/update", """{"PortBindingsAdd":{"80/tcp":[{"HostPort":"8132"}]}}""")).Status);
        await wired.Daemon.TextAsync("rm", "-f", alone);
    }

    [Fact]
    public async Task AThousandPortsAreAddedAtOnce()
    {
        string name = await wired.SleeperAsync("-p", "8140:80");
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name);
        await using var web = new PeerServer(inside, "web", 80);
        using Socket open = await wired.Outside.ConnectAsync(IPEndPoint.Parse($"{WiredDaemon.HostAddress}:8140"));
        Assert.StartsWith("web ", await Place.LineAsync(open), StringComparison.Ordinal);
        var bindings = new JsonArray([.. Enumerable.Range(20000, 1000).Select(static p => new JsonObject { ["HostPort"] = p.ToString(CultureInfo.InvariantCulture) })]);
        await UpdateAsync(name, new JsonObject { ["PortBindingsAdd"] = new JsonObject { ["80/tcp"] = bindings } }.ToJsonString());
        Assert.Equal(2002, (await wired.Daemon.TextAsync("port", name)).Split('\n').Length);
        foreach (int port in new[] { 20000, 20500, 20999 })
        {
            Assert.Equal($"web {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:{port}"));
            Assert.StartsWith("web ", await wired.Host.AskAsync($"[::1]:{port}"), StringComparison.Ordinal);
        }

        Assert.Equal("many", await Place.EchoAsync(open, "many"));
        await UpdateAsync(name, """{"PortBindings":{"80/tcp":[{"HostPort":"8140"}]}}""");
        Assert.Equal("80/tcp -> 0.0.0.0:8140\n80/tcp -> [::]:8140", await wired.Daemon.TextAsync("port", name));
        Assert.Equal("few", await Place.EchoAsync(open, "few"));
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    private Task UpdateAsync(string name, string body) => wired.Daemon.DoAsync(HttpMethod.Post, $"/containers/{name}/update", body);

    private async Task<string> BerthAsync(params string[] arguments) => (await DockerClient.Berth.RunAsync(wired.Daemon, arguments)).Text;
}
