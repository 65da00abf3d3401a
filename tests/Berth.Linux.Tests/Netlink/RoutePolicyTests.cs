using System.Net;
using System.Net.Sockets;

using Berth.Linux.Netlink;

namespace Berth.Linux.Tests.Netlink;

/// <summary>Addresses of both families, routes of every kind and the rules that choose a table, each test in a namespace of its own.</summary>
public sealed class RoutePolicyTests : IDisposable
{
    private readonly TestSpace _space = new();
    private readonly int _link;

    public RoutePolicyTests()
    {
        _space.Execute(new NetlinkBatch().AddBridge("br0", [2, 0x42, 1, 2, 3, 4], 1500));
        _link = _space.Index("br0");
    }

    public void Dispose() => _space.Dispose();

    private LinkAddress Address(string text) => new(_link, IPAddress.Parse(text.Split('/')[0]), int.Parse(text.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void ALinkHasManyAddresses()
    {
        LinkAddress[] many = [Address("10.1.0.1/24"), Address("10.1.0.2/24"), Address("10.2.0.1/16"), Address("169.254.7.7/16"), Address("fd00:1::1/64"), Address("fd00:1::2/64"), Address("fe80::77/64")];
        var batch = new NetlinkBatch();
        foreach (LinkAddress address in many)
        {
            batch.AddAddress(address);
        }

        _space.Execute(batch);
        List<LinkAddress> held = _space.Routes.Addresses();
        Assert.All(many, address => Assert.Contains(address, held));
        Assert.DoesNotContain("tentative", _space.Program("ip", "-6", "address", "show", "dev", "br0", "to", "fd00::/8"), StringComparison.Ordinal); // no duplicate address detection

        // The first IPv4 address of a subnet takes the others along unless promote_secondaries is set; each is removed by itself here.
        _space.Execute(new NetlinkBatch().DeleteAddress(many[1]).DeleteAddress(many[4]).DeleteAddress(many[6]).DeleteAddress(many[6]));
        held = _space.Routes.Addresses();
        Assert.Contains(many[0], held);
        Assert.DoesNotContain(many[1], held);
        Assert.DoesNotContain(many[4], held);
        Assert.DoesNotContain(many[6], held);
    }

    [Fact]
    public void ADefaultRouteIsReplacedAndRemovedInBothFamilies()
    {
        _space.Execute(new NetlinkBatch().AddAddress(Address("10.1.0.1/24")).AddAddress(Address("fd00:1::1/64")));
        foreach ((string one, string other) in (ReadOnlySpan<(string, string)>)[("10.1.0.2", "10.1.0.3"), ("fd00:1::2", "fd00:1::3")])
        {
            var first = new Route(null, 0, IPAddress.Parse(one), _link);
            var second = new Route(null, 0, IPAddress.Parse(other), _link);
            _space.Execute(new NetlinkBatch().AddRoute(first));
            Assert.Contains(first, _space.Routes.Routes());
            _space.Execute(new NetlinkBatch().ReplaceRoute(second));
            List<Route> routes = _space.Routes.Routes();
            Assert.Contains(second, routes);
            Assert.DoesNotContain(first, routes);
            _space.Execute(new NetlinkBatch().DeleteRoute(first).DeleteRoute(second).DeleteRoute(second));
            Assert.DoesNotContain(second, _space.Routes.Routes());
        }
    }

    [Fact]
    public void RoutesOfALinkThatIsGoneAreGoneToo()
    {
        _space.Execute(new NetlinkBatch().AddAddress(Address("10.1.0.1/24")).AddAddress(Address("fd00:1::1/64")).DeleteLink(_link));
        _space.Execute(new NetlinkBatch()
            .DeleteRoute(new Route(null, 0, IPAddress.Parse("10.1.0.2"), _link))
            .DeleteRoute(new Route(IPAddress.Parse("fd00:9::"), 32, IPAddress.Parse("fd00:1::2"), _link)));
    }

    [Fact]
    public void UnreachableAndLocalRoutes()
    {
        Route[] routes =
        [
            new(IPAddress.Parse("10.7.0.0"), 16, null, 0, Type: RouteType.Unreachable),
            new(IPAddress.Any, 0, null, _space.Index("lo"), Table: 4711, RouteType.Local),
            new(IPAddress.IPv6Any, 0, null, _space.Index("lo"), Table: 4711, RouteType.Local),
            new(IPAddress.Parse("10.8.0.0"), 24, null, _link, Table: 77),
        ];
        var add = new NetlinkBatch();
        var remove = new NetlinkBatch();
        foreach (Route route in routes)
        {
            add.AddRoute(route).AddRoute(route);
            remove.DeleteRoute(route).DeleteRoute(route);
        }

        _space.Execute(add);
        Assert.Equal([routes[1], routes[2]], _space.Routes.Routes(4711));
        Assert.Equal([routes[3]], _space.Routes.Routes(77));
        Assert.Contains(routes[0], _space.Routes.Routes());
        Assert.Empty(_space.Routes.Routes(4712));
        _space.Execute(remove);
        Assert.Empty(_space.Routes.Routes(4711));
        Assert.DoesNotContain(routes[0], _space.Routes.Routes());
    }

    [Fact]
    public void RulesByMark()
    {
        PolicyRule[] rules = [new(Ipv6: false, 100, 4711, 0x10, 0xF0), new(Ipv6: true, 101, 77, 0x10, uint.MaxValue), new(Ipv6: false, 102, 4711)];
        List<PolicyRule> before = _space.Routes.PolicyRules();
        Assert.Contains(new PolicyRule(Ipv6: false, 32766, 254), before);
        Assert.Contains(new PolicyRule(Ipv6: true, 32766, 254), before);
        foreach (PolicyRule rule in rules)
        {
            _space.Execute(new NetlinkBatch().AddRule(rule).AddRule(rule));
        }

        Assert.Equal(rules, _space.Routes.PolicyRules().Except(before).OrderBy(r => r.Priority));
        Assert.Contains("100:\tfrom all fwmark 0x10/0xf0 lookup 4711", _space.Program("ip", "rule"), StringComparison.Ordinal);
        foreach (PolicyRule rule in rules)
        {
            _space.Execute(new NetlinkBatch().DeleteRule(rule).DeleteRule(rule));
        }

        Assert.Equal(before, _space.Routes.PolicyRules());
    }

    [Fact]
    public void AMarkMakesAStrangersAddressOurs()
    {
        // What a transparent proxy needs: packets with the mark are for this host, whatever their address.
        const int Mark = 36; // SO_MARK
        byte[] mark = BitConverter.GetBytes(0x10);
        bool Reaches() => _space.Run(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.SetRawSocketOption(1, Mark, mark);
            try
            {
                socket.SendTo([1], new IPEndPoint(IPAddress.Parse("203.0.113.7"), 9));
                return true;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.NetworkUnreachable)
            {
                return false;
            }
        });
        Assert.False(Reaches());
        _space.Execute(new NetlinkBatch()
            .AddRule(new PolicyRule(Ipv6: false, 100, 4711, 0x10, 0xF0))
            .AddRoute(new Route(IPAddress.Any, 0, null, _space.Index("lo"), Table: 4711, RouteType.Local)));
        Assert.True(Reaches());
    }
}
