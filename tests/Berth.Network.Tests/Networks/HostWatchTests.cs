using System.Net;
using System.Net.Sockets;

using Berth.Linux.Netlink;
using Berth.Network.Firewall;

namespace Berth.Network.Tests.Networks;

/// <summary>Others take away from the host what containers need while a daemon lives, and it is put back.</summary>
public sealed class HostWatchTests : IAsyncLifetime
{
    private static readonly IPEndPoint Published = new(OutsideHost.HostsAddress, 8080);

    private readonly TestHost _host = new();
    private readonly OutsideHost _outside;
    private NetworkService _service = null!;
    private Network _six = null!;
    private Sandbox _one = null!, _two = null!;
    private Socket _server = null!, _serverSix = null!;

    public HostWatchTests() => _outside = new OutsideHost(_host);

    public async ValueTask InitializeAsync()
    {
        await _host.AddContainersAsync("one", "two");
        _service = await _host.StartAsync();
        _six = await _service.CreateAsync(new NetworkDefinition { Name = "six", EnableIpv6 = true }, static (_, _) => { }, CancellationToken.None);
        _one = await _service.Endpoints.TakeAsync(
            "one",
            new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge" }], Ports = [new PortRequest(ProtocolType.Tcp, 80, IPAddress.Any, 8080, 8080)] },
            CancellationToken.None);
        _two = await _service.Endpoints.TakeAsync(
            "two",
            new SandboxRequest { Endpoints = [new EndpointRequest { Network = "six" }], Ports = [new PortRequest(ProtocolType.Tcp, 80, IPAddress.Any, 8090, 8090)], ThroughHost = true },
            CancellationToken.None);
        _server = TcpProbe.Listen(_one.Namespace, IPAddress.Any, 80);
        _serverSix = TcpProbe.Listen(_two.Namespace, IPAddress.IPv6Any, 81);
        await WorksAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        _serverSix.Dispose();
        _one.Dispose();
        _two.Dispose();
        await _service.DisposeAsync();
        _outside.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("ip address flush dev berth0", "bridge berth0: address ")]
    [InlineData("ip link set berth0 down", "bridge berth0: up")]
    [InlineData("ip link set berth0 down && ip address flush dev berth0", "bridge berth0: up and address ")]
    [InlineData("ip route flush dev berth0 proto kernel scope link", "bridge berth0: route ")]
    [InlineData("ip -6 address flush dev SIX scope global", "bridge SIX: address ")]
    [InlineData("ip link set SIX down", "bridge SIX: up and address ")] // IPv6 addresses go when their link is set down
    [InlineData("ip -6 route flush dev SIX root fc00::/7", "bridge SIX: route ")]
    [InlineData("echo 1 > /proc/sys/net/ipv6/conf/SIX/disable_ipv6", "bridge SIX: address ")]
    [InlineData("sysctl -q -w net.ipv4.ip_forward=0", "net.ipv4.ip_forward=1")]
    [InlineData("sysctl -q -w net.ipv4.conf.berth0.forwarding=0", "net.ipv4.conf.berth0.forwarding=1")]
    [InlineData("sysctl -q -w net.ipv6.conf.all.forwarding=0", "net.ipv6.conf.all.forwarding=1")]
    [InlineData("ip rule del priority 100", "the routing rule of --publish-policy host")]
    [InlineData("ip -6 rule del priority 100", "the routing rule of --publish-policy host")]
    [InlineData("ip route flush table $((0x$(ip rule | sed -n 's/.*fwmark 0x//p' | cut -d' ' -f1)))", "the routing rule of --publish-policy host")]
    public async Task ItIsPutBackAndTold(string command, string told)
    {
        string before = State();
        _host.RunProgram("sh", "-c", command.Replace("SIX", _six.Bridge!, StringComparison.Ordinal));
        await TestHost.UntilAsync(() => Lines().Length > 0, "it is told");
        await TestHost.UntilAsync(() => State() == before, $"all is as before:\n{before}\n{State()}");
        await WorksAsync();
        string line = Assert.Single(Lines());
        Assert.Contains($"put back: {told.Replace("SIX", _six.Bridge!, StringComparison.Ordinal)}", line, StringComparison.Ordinal);
    }

    /// <summary>What a network takes along that we remove, or a bridge that somebody else does, is not missing.</summary>
    [Fact]
    public async Task WhatGoesWithANetworkStaysAway()
    {
        _two.Dispose();
        await _service.Endpoints.ReleaseAsync("two");
        Assert.Empty(await _service.RemoveAsync(_six, static (_, _) => { }, CancellationToken.None));
        Network other = await _service.CreateAsync(new NetworkDefinition { Name = "other", EnableIpv6 = true }, static (_, _) => { }, CancellationToken.None);
        _host.RunProgram("ip", "link", "del", other.Bridge!);
        await TestHost.UntilAsync(() => _host.Routes.FindLink(other.Bridge!) is { IsUp: true }, "the bridge is made again");
        _host.RunProgram("ip", "address", "flush", "dev", "berth0"); // later than those: when this one is told, they would have been
        await TestHost.UntilAsync(() => Lines().Length > 0, "it is told");
        string line = Assert.Single(Lines());
        Assert.True(line.Contains("put back: bridge berth0: address ", StringComparison.Ordinal), line);
        Assert.Null(_host.Routes.FindLink(_six.Bridge!));
        Assert.DoesNotContain("fwmark", _host.RunProgram("ip", "rule"), StringComparison.Ordinal); // nobody needs it any more
    }

    [Fact]
    public async Task OthersLossesAreNoneOfOurs()
    {
        _host.RunProgram("ip", "rule", "add", "fwmark", "7", "table", "7");
        _host.RunProgram("ip", "rule", "del", "fwmark", "7");
        _host.RunProgram("ip", "address", "add", "203.0.113.1/24", "dev", "outside0");
        _host.RunProgram("ip", "address", "del", "203.0.113.1/24", "dev", "outside0");
        _host.RunProgram("ip", "link", "set", "outside0", "down");
        _host.RunProgram("ip", "address", "flush", "dev", "berth0");
        await TestHost.UntilAsync(() => Lines().Length > 0, "it is told");
        Assert.EndsWith($"put back: bridge berth0: address {_one.Endpoints[0].Gateway}/16", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoeverUndoesEachRepairIsAnsweredMoreAndMoreSlowly()
    {
        for (int i = 0; i < RepairPace.Patience; i++)
        {
            _host.RunProgram("ip", "link", "set", "berth0", "down");
            await TestHost.UntilAsync(() => Lines().Length == i + 1, "it is up again");
        }

        Assert.Single(Log(), l => l.Contains("longer intervals", StringComparison.Ordinal));
        _host.RunProgram("ip", "link", "set", "berth0", "down");
        await WorksAsync();
    }

    /// <summary>The way back leads over lo.</summary>
    [Fact]
    public async Task WhatCannotBePutBackIsToldAndTriedAgain()
    {
        _host.RunProgram("sh", "-c", "ip link set lo down && ip address flush dev berth0");
        await TestHost.UntilAsync(() => Lines().Length > 0 && Log().Any(l => l.Contains("could not be put back", StringComparison.Ordinal)), "both are told");
        _host.RunProgram("ip", "link", "set", "lo", "up");
        await TestHost.UntilAsync(() => Lines().Length > 1, "it succeeded");
        Assert.Single(Log(), l => l.Contains("could not be put back", StringComparison.Ordinal));
        Assert.Contains("put back: bridge berth0: address ", Lines()[0], StringComparison.Ordinal);
        Assert.EndsWith("put back: the routing rule of --publish-policy host", Lines()[1], StringComparison.Ordinal);
        await WorksAsync();
    }

    // By both families, in and out.
    private async Task WorksAsync()
    {
        await TcpProbe.ReachesAsync(_outside.Namespace, Published);
        await TcpProbe.ReachesAsync(_one.Namespace, _outside.Server);
        await TcpProbe.ReachesAsync(_host.Namespace, new IPEndPoint(_two.Endpoints[0].Ipv6Address!, 81));
    }

    // Where a route stands among others, and who made it, may differ.
    private string State()
    {
        string links = $"{_host.RunProgram("ip", "-o", "address", "show", "dev", "berth0")}{_host.RunProgram("ip", "-o", "address", "show", "dev", _six.Bridge!, "scope", "global")}";
        string routes = string.Join('\n', _host.RunProgram("sh", "-c", "ip route; ip -6 route; ip route show table all type local | grep 0.0.0.0; ip -6 route show table all type local | grep default")
            .Split('\n').Where(l => l.Contains("berth0", StringComparison.Ordinal) || l.Contains(_six.Bridge!, StringComparison.Ordinal) || l.Contains("table", StringComparison.Ordinal))
            .Select(l => l.Split((string[])[" proto ", " scope ", " metric "], StringSplitOptions.None)[0].TrimEnd()).Distinct().Order());
        return $"{links}{routes}{_host.RunProgram("sh", "-c", "ip rule | grep fwmark; ip -6 rule | grep fwmark; sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv4.conf.berth0.forwarding")}";
    }

    private string[] Lines() => [.. Log().Where(l => l.Contains("took away", StringComparison.Ordinal))];

    private string[] Log()
    {
        lock (_host.Log)
        {
            return [.. _host.Log];
        }
    }
}
