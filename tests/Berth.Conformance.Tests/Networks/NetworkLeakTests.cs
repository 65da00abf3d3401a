using Berth.Testing.Daemons;
using Berth.Testing.Leaks;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Connections and networks that come and go leave nothing in the kernel, on disk or in the daemon.</summary>
public sealed class NetworkLeakTests
{
    private const int Connections = 200, Networks = 20;

    [Fact]
    public async Task ConnectionsAndNetworksThatGoLeaveNothing()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.TextAsync("network", "create", "--ipv6", "net");
        await daemon.TextAsync("run", "-d", "--name", "c1", "busybox", "sleep", "1000");
        await ConnectAsync(daemon, 5);
        string inside = await daemon.TextAsync("exec", "c1", "ip", "-o", "addr"), routes = await daemon.TextAsync("exec", "c1", "ip", "route");
        LeakSnapshot before = await LeakSnapshot.AtRestAsync(daemon);
        await ConnectAsync(daemon, Connections);
        for (int i = 0; i < Networks; i++)
        {
            await daemon.DoAsync(HttpMethod.Post, "/networks/create", """{"Name":"short","EnableIPv6":true}""");
            await daemon.DoAsync(HttpMethod.Delete, "/networks/short");
        }

        await before.AssertSameAsync(daemon, $"{Connections} connections and {Networks} networks");
        Assert.Equal((inside, routes), (await daemon.TextAsync("exec", "c1", "ip", "-o", "addr"), await daemon.TextAsync("exec", "c1", "ip", "route")));
        Assert.Equal("{}", await daemon.TextAsync("network", "inspect", "-f", "{{json .Containers}}", "net"));
    }

    private static async Task ConnectAsync(TestDaemon daemon, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await daemon.DoAsync(HttpMethod.Post, "/networks/net/connect", """{"Container":"c1"}""");
            await daemon.DoAsync(HttpMethod.Post, "/networks/net/disconnect", """{"Container":"c1"}""");
        }
    }
}
