using System.Net;

using Berth.Testing.Clients;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Networks whose containers reach named hosts only.</summary>
public sealed class EgressTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    private static readonly Dictionary<string, string[]> Names = new()
    {
        ["api.example.com"] = [WiredDaemon.OutsideAddress, WiredDaemon.OutsideAddress6],
        ["a.b.example.org"] = [WiredDaemon.OutsideAddress],
        ["example.org"] = [WiredDaemon.OutsideSecond],
        ["evil.example.net"] = [WiredDaemon.OutsideSecond],
    };

    [Theory]
    [InlineData("berth")]
    [InlineData("28")]
    public async Task OnlyNamesOfTheListAreReached(string version)
    {
        await using var resolver = new TestResolver(wired.Outside, WiredDaemon.OutsideSecond, Names);
        await using PeerServer allowed = new(wired.Outside, "allowed", 80, IPAddress.Parse(WiredDaemon.OutsideAddress)), other = new(wired.Outside, "other", 80, IPAddress.Parse(WiredDaemon.OutsideSecond));
        await using PeerServer six = new(wired.Outside, "six", 80, IPAddress.Parse(WiredDaemon.OutsideAddress6)), service = new(wired.Host, "host", 9000);
        string network = wired.NewName("limited");
        string neighbour = await wired.SleeperAsync("-p", "9001:80");
        string[] list = version == "berth" ? ["--egress-allow", "api.example.com,*.example.org"] : ["-o", "berth.egress.allow=api.example.com,*.example.org"];
        _ = (await Clients.Of(version).RunAsync(wired.Daemon, ["network", "create", "--ipv6", .. list, network])).Text;
        string name = await wired.SleeperAsync("--network", network, "--dns", WiredDaemon.OutsideSecond, "-p", "9002:80");
        using Place inside = await Place.OfContainerAsync(wired.Daemon, name), beside = await Place.OfContainerAsync(wired.Daemon, neighbour);
        await using PeerServer web = new(inside, "web", 80), published = new(beside, "beside", 80);

        Assert.Equal("!ConnectionRefused", await inside.AskAsync($"{WiredDaemon.OutsideAddress}:80")); // nobody has asked for its name yet
        Assert.Equal($"0 {WiredDaemon.OutsideAddress}", await NameAnswer.TextAsync(inside, "API.example.com"));
        Assert.Equal($"allowed {WiredDaemon.HostAddress}", await inside.AskAsync($"{WiredDaemon.OutsideAddress}:80"));
        Assert.Equal($"allowed {WiredDaemon.HostAddress}", await inside.AskByDatagramAsync($"{WiredDaemon.OutsideAddress}:80"));
        Assert.Equal("!ConnectionRefused", await inside.AskAsync($"[{WiredDaemon.OutsideAddress6}]:80"));
        Assert.Equal($"0 {WiredDaemon.OutsideAddress6}", await NameAnswer.TextAsync(inside, "api.example.com", NameAnswer.Aaaa));
        Assert.Equal($"six {WiredDaemon.HostAddress6}", await inside.AskAsync($"[{WiredDaemon.OutsideAddress6}]:80"));
        Assert.Equal($"0 {WiredDaemon.OutsideAddress}", await NameAnswer.TextAsync(inside, "a.b.example.org"));
        string bridge = (await wired.Daemon.Host.RunAsync("nft", "list", "set", "inet", "berth-berth0", "allowed4")).Text;
        Assert.Matches($@"{WiredDaemon.OutsideAddress} timeout [0-9msh]+ expires", bridge); // for as long as the answer said

        Assert.Equal("3", await NameAnswer.TextAsync(inside, "evil.example.net"));
        Assert.Equal("3", await NameAnswer.TextAsync(inside, "example.org"));
        Assert.DoesNotContain("evil.example.net", resolver.Asked);
        await Until.TrueAsync(() => wired.Daemon.Log.Contains($"container {name} asked for evil.example.net", StringComparison.Ordinal), "the refusal is in the log");

        Assert.Equal("!ConnectionRefused", await inside.AskAsync($"{WiredDaemon.OutsideSecond}:80"));
        Assert.Equal("!HostUnreachable", await inside.AskByDatagramAsync($"{WiredDaemon.OutsideSecond}:53")); // another resolver
        Assert.Equal("!ConnectionRefused", await inside.AskAsync($"{WiredDaemon.OutsideSecond}:53"));
        Assert.Equal("!ConnectionRefused", await inside.AskAsync($"{WiredDaemon.HostAddress}:9000"));
        Assert.Equal("!ConnectionRefused", await inside.AskAsync($"{await wired.GatewayAsync(name, network)}:9000"));
        Assert.Equal("!HostUnreachable", await inside.AskByDatagramAsync($"{WiredDaemon.HostAddress}:9000"));
        Assert.Equal("!ConnectionRefused", await inside.AskAsync($"{WiredDaemon.HostAddress}:9001")); // a neighbour could be a proxy
        Assert.Equal("!ConnectionRefused", await inside.AskAsync($"[{WiredDaemon.HostAddress6}]:9001"));
        Assert.Equal($"web {WiredDaemon.OutsideAddress}", await wired.Outside.AskAsync($"{WiredDaemon.HostAddress}:9002"));
        Assert.Equal($"web {WiredDaemon.OutsideAddress6}", await wired.Outside.AskAsync($"[{WiredDaemon.HostAddress6}]:9002"));
        Assert.StartsWith("web ", await beside.AskAsync($"{WiredDaemon.HostAddress}:9002"), StringComparison.Ordinal);
        await wired.Daemon.TextAsync("rm", "-f", name, neighbour);
    }

    /// <summary>What cannot be used is refused when the network is made, not when the first container starts.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("198.51.100.2")]
    [InlineData("api*.example.com")]
    [InlineData("a.example.com,,b.example.com")]
    [InlineData("https://example.com")]
    public async Task AListThatCannotBeIsRefused(string list)
    {
        ProcessResult result = await DockerClient.Berth.RunAsync(wired.Daemon, "network", "create", "-o", $"berth.egress.allow={list}", "refused");
        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain("refused", await wired.Daemon.TextAsync("network", "ls", "--format", "{{.Name}}"), StringComparison.Ordinal);
    }
}
