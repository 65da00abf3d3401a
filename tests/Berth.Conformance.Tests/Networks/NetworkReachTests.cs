using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Who reaches whom: within a network, between networks, out of them and into them, by both families.</summary>
public sealed class NetworkReachTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    private const string OutsideAddress = "198.51.100.2", OutsideAddress6 = "2001:db8:100::2";

    [Fact]
    public async Task ContainersReachTheirOwnNetworkAndNoOther()
    {
        (string a, string b) = (fixture.NewName("n"), fixture.NewName("n"));
        await fixture.TextAsync("28", "network", "create", "--ipv6", "--subnet", "10.73.0.0/24", "--subnet", "fd00:73::/64", a);
        await fixture.TextAsync("28", "network", "create", "--ipv6", "--subnet", "10.73.1.0/24", "--subnet", "fd00:73:1::/64", b);
        string here = await ServerAsync(a, "10.73.0.9", "fd00:73::9"), there = await ServerAsync(b, "10.73.1.9", "fd00:73:1::9");
        string client = await fixture.SleeperAsync("28", "--network", a), onDefault = await fixture.SleeperAsync("28");
        Assert.Equal(
            "yes yes yes yes no no no no no no",
            string.Join(' ', [
                await PingsAsync(client, "10.73.0.9"), await PingsAsync(client, "fd00:73::9"), await FetchesAsync(client, "10.73.0.9"), await FetchesAsync(client, "[fd00:73::9]"),
                await PingsAsync(client, "10.73.1.9"), await PingsAsync(client, "fd00:73:1::9"), await FetchesAsync(client, "10.73.1.9"), await FetchesAsync(client, "[fd00:73:1::9]"),
                await FetchesAsync(onDefault, "10.73.1.9"), await PingsAsync(onDefault, "10.73.0.9"),
            ]));

        // Live on the other network as well, it reaches both.
        await fixture.TextAsync("28", "network", "connect", b, client);
        Assert.Equal("yes yes yes", string.Join(' ', [await FetchesAsync(client, "10.73.1.9"), await PingsAsync(client, "fd00:73:1::9"), await FetchesAsync(client, "10.73.0.9")]));
        await fixture.TextAsync("28", "rm", "-f", here, there, client, onDefault);
        await fixture.TextAsync("28", "network", "rm", a, b);
    }

    [Fact]
    public async Task AnInternalNetworkHasNoWayOutAndAPlainOneWithoutMasqueradingShowsItself()
    {
        await using NetworkNamespace outside = await OutsideAsync();
        (string inner, string plain, string bare) = (fixture.NewName("n"), fixture.NewName("n"), fixture.NewName("n"));
        await fixture.TextAsync("28", "network", "create", "--internal", "--ipv6", "--subnet", "10.74.0.0/24", "--subnet", "fd00:74::/64", inner);
        await fixture.TextAsync("28", "network", "create", "--subnet", "10.74.1.0/24", plain);
        await fixture.TextAsync(
            "28", "network", "create", "--ipv6", "--subnet", "10.74.2.0/24", "--subnet", "fd00:74:2::/64", "-o", "com.docker.network.bridge.enable_ip_masquerade=false", bare);
        string server = await ServerAsync(inner, "10.74.0.9", "fd00:74::9");
        string closed = await fixture.SleeperAsync("28", "--network", inner), open = await fixture.SleeperAsync("28", "--network", plain), seen = await fixture.SleeperAsync("28", "--network", bare);
        Assert.Equal("yes yes no no", string.Join(' ', [
            await FetchesAsync(closed, "10.74.0.9"), await PingsAsync(closed, "fd00:74::9"), await PingsAsync(closed, OutsideAddress), await PingsAsync(closed, OutsideAddress6),
        ]));

        // Without a route in it, the outside answers only those who come as the host.
        Assert.Equal("yes no", $"{await PingsAsync(open, OutsideAddress)} {await PingsAsync(seen, OutsideAddress)}");
        foreach (string[] route in (string[][])[["10.74.2.0/24", "via", "198.51.100.1"], ["fd00:74:2::/64", "via", "2001:db8:100::1"], ["fd00:74::/64", "via", "2001:db8:100::1"]])
        {
            _ = (await outside.RunAsync(["ip", "route", "add", .. route])).Text;
        }

        Assert.Equal("yes yes no", string.Join(' ', [
            await PingsAsync(seen, OutsideAddress), await PingsAsync(seen, OutsideAddress6), await PingsAsync(closed, OutsideAddress6),
        ]));

        // And nobody outside reaches a container that publishes nothing.
        Assert.NotEqual(0, (await outside.RunAsync("/usr/bin/busybox", "ping", "-c", "1", "-W", "1", "fd00:74::9")).ExitCode);
        await fixture.TextAsync("28", "rm", "-f", server, closed, open, seen);
        await fixture.TextAsync("28", "network", "rm", inner, plain, bare);
    }

    [Fact]
    public async Task LargePacketsAreCutToTheNetworksMtu()
    {
        string net = fixture.NewName("n");
        await fixture.TextAsync("28", "network", "create", "--subnet", "10.75.0.0/24", "-o", "com.docker.network.driver.mtu=1300", net);
        string server = await ServerAsync(net, "10.75.0.9", null), client = await fixture.SleeperAsync("28", "--network", net);
        Assert.Equal("1300", await fixture.TextAsync("28", "exec", client, "cat", "/sys/class/net/eth0/mtu"));
        Assert.Equal("yes", await PingsAsync(client, "10.75.0.9", "-s", "4000"));
        await fixture.TextAsync("28", "rm", "-f", server, client);
        await fixture.TextAsync("28", "network", "rm", net);
    }

    [Fact]
    public async Task WithoutInterContainerCommunicationOnlyTheOutsideIsReached()
    {
        await using NetworkNamespace outside = await OutsideAsync();
        string net = fixture.NewName("n");
        await fixture.TextAsync("28", "network", "create", "--subnet", "10.76.0.0/24", "-o", "com.docker.network.bridge.enable_icc=false", net);
        string server = await ServerAsync(net, "10.76.0.9", null), client = await fixture.SleeperAsync("28", "--network", net);
        Assert.Equal("no no yes", string.Join(' ', [await PingsAsync(client, "10.76.0.9"), await FetchesAsync(client, "10.76.0.9"), await PingsAsync(client, OutsideAddress)]));
        await fixture.TextAsync("28", "rm", "-f", server, client);
        await fixture.TextAsync("28", "network", "rm", net);
    }

    /// <summary>A machine on a wire of the host's, which has no route to containers.</summary>
    private async Task<NetworkNamespace> OutsideAsync()
    {
        string wire = $"w{Random.Shared.GetHexString(8, lowercase: true)}"; // one of a test before may still be going
        string host = fixture.Daemon.Host.Name, name = $"{host}-{fixture.NewName("o")}";
        NetworkNamespace outside = await NetworkNamespace.MakeAsync(name);
        foreach (string command in (string[])
        [
            $"-n {host} link add {wire} type veth peer name eth0 netns {name}", $"-n {host} addr add 198.51.100.1/24 dev {wire}", $"-n {host} addr add 2001:db8:100::1/64 dev {wire} nodad",
            $"-n {host} link set {wire} up", $"-n {name} addr add {OutsideAddress}/24 dev eth0", $"-n {name} addr add {OutsideAddress6}/64 dev eth0 nodad", $"-n {name} link set eth0 up",
        ])
        {
            _ = (await Run.Async("ip", command.Split(' '))).Text;
        }

        return outside;
    }

    private async Task<string> ServerAsync(string network, string address, string? address6)
    {
        string name = fixture.NewName();
        string[] six = address6 is null ? [] : ["--ip6", address6];
        await fixture.TextAsync("28", ["run", "-d", "--name", name, "--network", network, "--ip", address, .. six, "busybox", "httpd", "-f", "-p", "80", "-h", "/etc"]);
        return name;
    }

    private async Task<string> PingsAsync(string from, string to, params string[] options) =>
        (await fixture.RunAsync("28", ["exec", from, "ping", "-c", "1", "-W", "2", .. options, to])).ExitCode == 0 ? "yes" : "no";

    private async Task<string> FetchesAsync(string from, string host) =>
        (await fixture.RunAsync("28", "exec", from, "timeout", "2", "wget", "-q", "-O", "/dev/null", $"http://{host}/passwd")).ExitCode == 0 ? "yes" : "no";
}
