using System.Text.Json.Nodes;
using Berth.Testing.Daemons;

namespace Berth.Crash.Tests;

/// <summary>SIGKILL at the n-th durable step, for all n, of work on networks. The invariants compare rows with bridges, links and rules.</summary>
public sealed class NetworkKillTests
{
    private const string Dual = """{"Name":"net","EnableIPv6":true,"IPAM":{"Config":[{"Subnet":"10.66.0.0/24"},{"Subnet":"fd00:66::/64"}]}}""";
    private const string Sleeper = """{"Image":"busybox","Cmd":["sleep","1000"]}""";
    private const string Place = """{"Container":"crash","EndpointConfig":{"IPAMConfig":{"IPv4Address":"10.66.0.9"},"Aliases":["other"]}}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Create(bool reboot) => CrashLoop.RunAsync(
        prepare: static _ => Task.CompletedTask,
        work: static d => d.DoAsync(HttpMethod.Post, "/networks/create", Dual),
        verify: static async (d, done) =>
        {
            bool there = await d.ExistsAsync("/networks/net");
            Assert.True(there || !done);

            // What is there is whole, and what is not there holds neither name nor subnet.
            if (!there)
            {
                await d.DoAsync(HttpMethod.Post, "/networks/create", Dual);
            }

            await d.DoAsync(HttpMethod.Post, "/containers/create?name=crash", """{"Image":"busybox","Cmd":["sleep","1000"],"HostConfig":{"NetworkMode":"net"}}""");
            await d.DoAsync(HttpMethod.Post, "/containers/crash/start");
            Assert.Contains("10.66.0.2/24", await d.TextAsync("exec", "crash", "ip", "addr"), StringComparison.Ordinal);
            await d.DoAsync(HttpMethod.Delete, "/containers/crash?force=1");
            await d.DoAsync(HttpMethod.Delete, "/networks/net");
        },
        reboot);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Remove(bool reboot) => CrashLoop.RunAsync(
        prepare: static d => d.DoAsync(HttpMethod.Post, "/networks/create", Dual),
        work: static d => d.DoAsync(HttpMethod.Delete, "/networks/net"),
        verify: static async (d, done) =>
        {
            bool there = await d.ExistsAsync("/networks/net");
            Assert.False(there && done);
            if (there)
            {
                await d.DoAsync(HttpMethod.Delete, "/networks/net");
            }
        },
        reboot);

    [Fact]
    public Task Connect() => CrashLoop.RunAsync(
        prepare: PrepareAsync,
        work: static d => d.DoAsync(HttpMethod.Post, "/networks/net/connect", Place),
        verify: static async (d, done) =>
        {
            bool on = await IsOnAsync(d);
            Assert.True(on || !done);
            if (!on)
            {
                await d.DoAsync(HttpMethod.Post, "/networks/net/connect", Place);
            }

            Assert.True(await IsOnAsync(d));
            await RemoveAsync(d);
        });

    [Fact]
    public Task Disconnect() => CrashLoop.RunAsync(
        prepare: static async d =>
        {
            await PrepareAsync(d);
            await d.DoAsync(HttpMethod.Post, "/networks/net/connect", Place);
        },
        work: static d => d.DoAsync(HttpMethod.Post, "/networks/net/disconnect", """{"Container":"crash"}"""),
        verify: static async (d, done) =>
        {
            bool on = await IsOnAsync(d);
            Assert.False(on && done);
            if (!on)
            {
                // Its address is anybody's again, and its own.
                await d.DoAsync(HttpMethod.Post, "/networks/net/connect", Place);
                Assert.True(await IsOnAsync(d));
            }

            await RemoveAsync(d);
        });

    private static async Task PrepareAsync(TestDaemon daemon)
    {
        await daemon.DoAsync(HttpMethod.Post, "/networks/create", Dual);
        await daemon.DoAsync(HttpMethod.Post, "/containers/create?name=crash", Sleeper);
        await daemon.DoAsync(HttpMethod.Post, "/containers/crash/start");
    }

    private static async Task RemoveAsync(TestDaemon daemon)
    {
        await daemon.DoAsync(HttpMethod.Delete, "/containers/crash?force=1");
        await daemon.DoAsync(HttpMethod.Delete, "/networks/net");
    }

    // The container's inspect, the network's, and what stands in its namespace say the same.
    private static async Task<bool> IsOnAsync(TestDaemon daemon)
    {
        JsonNode container = await daemon.Api.JsonAsync("/containers/crash/json"), network = await daemon.Api.JsonAsync("/networks/net");
        JsonNode? place = container["NetworkSettings"]!["Networks"]!["net"], member = network["Containers"]![(string)container["Id"]!];
        string addresses = await daemon.TextAsync("exec", "crash", "ip", "-o", "addr"), routes = await daemon.TextAsync("exec", "crash", "ip", "route");
        Assert.Equal("running", (string?)container["State"]!["Status"]);
        Assert.Equal(place is null ? null : "10.66.0.9", (string?)place?["IPAddress"]);
        Assert.Equal(place is null ? null : "10.66.0.9/24", (string?)member?["IPv4Address"]);
        Assert.Equal(place is not null, addresses.Contains("10.66.0.9/24", StringComparison.Ordinal) && addresses.Contains("inet6 fd00:66::", StringComparison.Ordinal));
        Assert.Equal(place is not null, addresses.Contains(": eth1", StringComparison.Ordinal));
        Assert.Contains("dev eth0", routes.Split('\n')[0], StringComparison.Ordinal); // "bridge" comes before "net"
        return place is not null;
    }
}
