using System.Text.Json.Nodes;

using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Containers on several networks: which addresses, interfaces and ways out they have, from their start, live, and after a restart.</summary>
public sealed class NetworkPlaceTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [InlineData("28")]
    [InlineData("berth")]
    public async Task RunPutsAContainerOnSeveralNetworks(string client)
    {
        (string a, string b, string c) = (fixture.NewName("a"), fixture.NewName("b"), fixture.NewName("z"));
        await fixture.TextAsync(client, "network", "create", "--subnet", "10.71.0.0/24", a);
        await fixture.TextAsync(client, "network", "create", "--ipv6", "--subnet", "10.71.1.0/24", "--subnet", "fd00:71::/64", b);
        await fixture.TextAsync(client, "network", "create", "--internal", "--subnet", "10.71.2.0/24", c);
        string name = await fixture.SleeperAsync(
            client, "--network", $"name={c},alias=one,alias=two", "--network", $"name={b},ip=10.71.1.9,ip6=fd00:71::9,mac-address=02:42:00:00:71:01,gw-priority=1,link-local-ip=169.254.7.1", "--network", a);
        await AssertPlacedAsync();
        await fixture.TextAsync(client, "restart", "-t", "0", name);
        await AssertPlacedAsync();

        // The way out: the priority first, then the name; an internal network is none.
        await fixture.TextAsync(client, "network", "disconnect", b, name);
        Assert.Equal("default via 10.71.0.1 dev eth1", await WayOutAsync(name));
        await fixture.TextAsync(client, "network", "disconnect", a, name);
        Assert.Equal("", await WayOutAsync(name));
        await fixture.TextAsync(client, "network", "connect", "--gw-priority", "-1", a, name);
        Assert.Equal("default via 10.71.0.1 dev eth1", await WayOutAsync(name));
        await fixture.TextAsync(client, "network", "connect", b, name);
        Assert.Equal("default via 10.71.1.1 dev eth2", await WayOutAsync(name));
        await fixture.TextAsync(client, "rm", "-f", name);
        await fixture.TextAsync(client, "network", "rm", a, b, c);

        async Task AssertPlacedAsync()
        {
            string addresses = await fixture.TextAsync(client, "exec", name, "ip", "-o", "addr");
            Assert.Matches("eth0 +inet 10.71.2.", addresses); // the first that was named
            Assert.Matches("eth2 +inet 10.71.1.9/24", addresses);
            Assert.Matches("eth2 +inet 169.254.7.1/16", addresses);
            Assert.Matches("eth2 +inet6 fd00:71::9/64", addresses);
            Assert.Equal("02:42:00:00:71:01", await fixture.TextAsync(client, "exec", name, "cat", "/sys/class/net/eth2/address"));
            Assert.Equal("default via 10.71.1.1 dev eth2", await WayOutAsync(name));
            Assert.Contains("default via fd00:71::1 dev eth2", await fixture.TextAsync(client, "exec", name, "ip", "-6", "route"), StringComparison.Ordinal);
            Assert.Equal("[\"one\",\"two\"]", await fixture.TextAsync("28", "inspect", "-f", $"{{{{json .NetworkSettings.Networks.{c}.Aliases}}}}", name));
        }
    }

    /// <summary>A macvlan network has no ports of the host: create says so, and nothing is shown as published. With a bridge network beside, they are that one's.</summary>
    [Theory]
    [InlineData("28")]
    [InlineData("berth")]
    public async Task PortsOfAMacvlanNetworkAreNotShown(string client)
    {
        string lan = fixture.NewName("lan"), front = fixture.NewName("front"), name = fixture.NewName();
        string parent = fixture.NewName("up");
        _ = (await fixture.Daemon.Host.RunAsync("ip", "link", "add", parent, "up", "type", "veth", "peer", "name", $"{parent}x")).Text;
        await fixture.TextAsync(client, "network", "create", "-d", "macvlan", "--subnet", "10.73.0.0/24", "-o", $"parent={parent}", lan);
        await fixture.TextAsync(client, "network", "create", front);
        ProcessResult created = await fixture.RunAsync(client, "create", "--name", name, "--network", lan, "-p", "8390:80", "busybox", "sleep", "1000");
        Assert.Equal(0, created.ExitCode);
        Assert.Contains($"Published ports are not available on the network {lan} (macvlan), so 80/tcp of this container", created.Error, StringComparison.Ordinal);
        await fixture.TextAsync(client, "start", name);
        Assert.Equal("", await fixture.TextAsync(client, "port", name));
        Assert.DoesNotContain("8390", await fixture.TextAsync(client, "ps", "--filter", $"name={name}", "--format", "{{.Ports}}"), StringComparison.Ordinal);
        await fixture.TextAsync(client, "network", "connect", front, name);
        Assert.Contains("8390", await fixture.TextAsync(client, "port", name), StringComparison.Ordinal);
        await fixture.TextAsync(client, "network", "disconnect", front, name);
        Assert.Equal("", await fixture.TextAsync(client, "port", name));
        await fixture.TextAsync(client, "rm", "-f", name);
        await fixture.TextAsync(client, "network", "rm", lan, front);
        _ = (await fixture.Daemon.Host.RunAsync("ip", "link", "delete", parent)).Text;
    }

    [Fact]
    public async Task AnInterfaceHasTheNameAskedFor()
    {
        (string a, string b) = (fixture.NewName("n"), fixture.NewName("n"));
        await fixture.TextAsync("28", "network", "create", "-o", "com.docker.network.container_iface_prefix=wan", a);
        await fixture.TextAsync("28", "network", "create", b);
        string name = await fixture.SleeperAsync("28", "--network", a);
        await fixture.TextAsync("28", "network", "connect", "--driver-opt", "com.docker.network.endpoint.ifname=inner0", b, name);
        Assert.Equal("inner0 lo wan0", string.Join(' ', (await fixture.TextAsync("28", "exec", name, "ls", "/sys/class/net")).Split('\n')));
        await fixture.TextAsync("28", "rm", "-f", name);
        await fixture.TextAsync("28", "network", "rm", a, b);
    }

    /// <summary>As whoever makes a container by the id of its network expects: everything goes by the name as well.</summary>
    [Fact]
    public async Task ANetworkGoesByItsIdToo()
    {
        string net = fixture.NewName("n"), id = await fixture.TextAsync("28", "network", "create", net);
        string name = await fixture.SleeperAsync("28", "--network", id[..12]);
        Assert.Equal(net, await fixture.TextAsync("28", "inspect", "-f", "{{range $k, $v := .NetworkSettings.Networks}}{{$k}}{{end}}", name));
        await fixture.TextAsync("28", "stop", "-t", "0", name);
        await fixture.TextAsync("28", "network", "prune", "-f");
        await fixture.TextAsync("28", "start", name);
        await fixture.TextAsync("28", "network", "disconnect", net, name);
        Assert.Equal("lo", await fixture.TextAsync("28", "exec", name, "ls", "/sys/class/net"));
        await fixture.TextAsync("28", "rm", "-f", name);
        await fixture.TextAsync("28", "network", "rm", net);
    }

    /// <summary>Stopping frees an address; who takes it meanwhile keeps it, and the other says so.</summary>
    [Fact]
    public async Task AStoppedContainersAddressIsFree()
    {
        string net = fixture.NewName("n");
        await fixture.TextAsync("28", "network", "create", "--subnet", "10.72.0.0/30", net);
        string first = await fixture.SleeperAsync("28", "--network", net, "--ip", "10.72.0.2");
        await fixture.TextAsync("28", "stop", "-t", "0", first);
        string second = await fixture.SleeperAsync("28", "--network", net);
        Assert.Contains("Address already in use", (await fixture.RunAsync("28", "start", first)).Error, StringComparison.Ordinal);
        await fixture.TextAsync("28", "rm", "-f", second);
        await fixture.TextAsync("28", "start", first);
        await fixture.TextAsync("28", "rm", "-f", first);
        await fixture.TextAsync("28", "network", "rm", net);
    }

    /// <summary>docker-compose 1.29 looks for it there, and takes a container off its networks and puts it back where it is missing.</summary>
    [Fact]
    public async Task EarlierClientsFindTheShortIdAmongTheAliases()
    {
        string net = fixture.NewName("n");
        await fixture.TextAsync("28", "network", "create", net);
        string name = await fixture.SleeperAsync("28", "--network", net, "--network-alias", "al");
        JsonNode earlier = await fixture.Daemon.Api.JsonAsync($"/v1.41/containers/{name}/json"), now = await fixture.Daemon.Api.JsonAsync($"/v1.45/containers/{name}/json");
        string id = ((string)now["Id"]!)[..12];
        Assert.Equal($"[\"al\",\"{id}\"]", earlier["NetworkSettings"]!["Networks"]![net]!["Aliases"]!.ToJsonString());
        Assert.Equal("[\"al\"]", now["NetworkSettings"]!["Networks"]![net]!["Aliases"]!.ToJsonString());
        await fixture.TextAsync("28", "rm", "-f", name);
        await fixture.TextAsync("28", "network", "rm", net);
    }

    private async Task<string> WayOutAsync(string name) =>
        (await fixture.TextAsync("28", "exec", name, "ip", "route")).Split('\n').FirstOrDefault(static l => l.StartsWith("default", StringComparison.Ordinal), "").Trim();
}
