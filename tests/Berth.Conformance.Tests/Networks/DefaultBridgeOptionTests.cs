using System.Text.Json.Nodes;

using Berth.Testing.Daemons;

namespace Berth.Conformance.Tests.Networks;

/// <summary>The daemon's options about its default bridge, and starts that fail on one.</summary>
public sealed class DefaultBridgeOptionTests
{
    [Fact]
    public async Task BothFamiliesRangesAndBindings()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.StopAsync();
        daemon.Options = ["--bip", "10.66.0.1/16", "--fixed-cidr", "10.66.4.0/24", "--default-gateway", "10.66.0.1", "--ipv6", "--fixed-cidr-v6", "fd66::/64", "--ip", "127.0.0.1"];
        await daemon.LaunchAsync();
        JsonNode bridge = await daemon.Api.JsonAsync("/networks/bridge");
        Assert.True((bool)bridge["EnableIPv6"]!);
        Assert.Equal("127.0.0.1", (string)bridge["Options"]!["com.docker.network.bridge.host_binding_ipv4"]!);
        Assert.Equal(
            ["10.66.0.0/16 10.66.4.0/24 10.66.0.1", "fd66::/64 fd66::/64 fd66::1"], bridge["IPAM"]!["Config"]!.AsArray().Select(static c => $"{c!["Subnet"]} {c["IPRange"]} {c["Gateway"]}"));
        await daemon.TextAsync("run", "-d", "--name", "web", "-p", "8300:80", "busybox", "sleep", "1000");
        Assert.Equal("80/tcp -> 127.0.0.1:8300", await daemon.TextAsync("port", "web"));
        JsonNode settings = (await daemon.Api.JsonAsync("/containers/web/json"))["NetworkSettings"]!;
        Assert.StartsWith("10.66.4.", (string)settings["IPAddress"]!, StringComparison.Ordinal);
        Assert.StartsWith("fd66::", (string)settings["GlobalIPv6Address"]!, StringComparison.Ordinal);
        Assert.Equal("fd66::1", (string)settings["IPv6Gateway"]!);
        Assert.Equal("0", await daemon.TextAsync("exec", "web", "cat", "/proc/sys/net/ipv6/conf/eth0/disable_ipv6"));
        Assert.Contains("default via fd66::1 dev eth0", await daemon.TextAsync("exec", "web", "ip", "-6", "route"), StringComparison.Ordinal);
        await daemon.TextAsync("run", "--rm", "busybox", "ping", "-6", "-c", "1", "-W", "5", (string)settings["GlobalIPv6Address"]!);
        await daemon.TextAsync("rm", "-f", "web");
    }

    /// <summary>Named beside the reason; and the host is as it was.</summary>
    [Theory]
    [InlineData("--bridge lo", "the network interface lo exists and is")]
    [InlineData("--bridge new0 --fixed-cidr-v6 fd66::/64", "add --ipv6")]
    [InlineData("--bridge new0 --bip 10.66.0.1/16 --default-gateway 10.67.0.1", "--default-gateway 10.67.0.1 is no address of the default bridge's subnet")]
    public async Task AStartThatFailsLeavesNothing(string options, string message)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(withImage: false);
        await daemon.StopAsync();
        string before = await StateAsync(daemon);
        daemon.Options = options.Split(' ');
        Assert.False(await daemon.TryLaunchAsync());
        Assert.Contains(message, daemon.Log, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(daemon));
        Assert.False(File.Exists($"{daemon.RunRoot}/berthd.pid"));
        daemon.Options = [];
        await daemon.LaunchAsync();
    }

    private static async Task<string> StateAsync(TestDaemon daemon)
    {
        string links = (await daemon.Host.RunAsync("ip", "-o", "-br", "link", "show")).Text;
        return (await daemon.Host.RunAsync("nft", "list", "ruleset")).Text + string.Join(' ', links.Split('\n').Select(static l => l.Split(' ')[0]).Where(static l => !l.StartsWith("veth", StringComparison.Ordinal)));
    }
}
