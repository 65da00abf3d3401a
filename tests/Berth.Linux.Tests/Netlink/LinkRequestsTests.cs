using System.Net;
using System.Net.Sockets;

using Berth.Linux.Netlink;

namespace Berth.Linux.Tests.Netlink;

/// <summary>Interfaces on others, bridge ports and moves, in namespaces of the test's own.</summary>
public sealed class LinkRequestsTests : IDisposable
{
    private readonly TestSpace _host = new();
    private readonly TestSpace _inside = new();

    public LinkRequestsTests() => _host.Execute(new NetlinkBatch().AddBridge("br0", [2, 0x42, 1, 2, 3, 4], 1500));

    public void Dispose()
    {
        _inside.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData(MacvlanMode.Bridge, "bridge")]
    [InlineData(MacvlanMode.Private, "private")]
    [InlineData(MacvlanMode.Vepa, "vepa")]
    [InlineData(MacvlanMode.Passthru, "passthru")]
    public void AMacvlanIsBornInItsNamespace(MacvlanMode mode, string name)
    {
        byte[] address = [2, 0, 0, 0, 0, 7];
        _host.Execute(new NetlinkBatch().AddLink(new NewLink
        {
            Name = "eth0", Kind = new LinkKind.Macvlan(mode), Parent = _host.Index("br0"), Address = mode == MacvlanMode.Passthru ? null : address, Mtu = 1400, Namespace = _inside.Namespace,
        }));
        Link link = _inside.Routes.FindLink("eth0")!;
        Assert.Equal(("macvlan", 1400, false), (link.Kind, link.Mtu, link.IsUp));
        Assert.Equal(mode == MacvlanMode.Passthru ? [2, 0x42, 1, 2, 3, 4] : address, link.Address);
        Assert.Contains($"macvlan mode {name}", _inside.Program("ip", "-d", "link", "show", "eth0"), StringComparison.Ordinal);
        Assert.Null(_host.Routes.FindLink("eth0"));
        Assert.Equal(link.Index, _inside.Routes.FindLink(link.Index)!.Index);
        _inside.Execute(new NetlinkBatch().DeleteLink(link.Index));
        Assert.Null(_inside.Routes.FindLink(link.Index));
    }

    [Fact]
    public void AKindThatTheKernelLacksIsRefusedByName()
    {
        int parent = _host.Index("br0");
        foreach (NewLink link in (NewLink[])
        [
            new() { Name = "ipvl0", Kind = new LinkKind.Ipvlan(IpvlanMode.L3s, IpvlanFlag.Private), Parent = parent },
            new() { Name = "br0.10", Kind = new LinkKind.Vlan(10), Parent = parent },
            new() { Name = "dm-1", Kind = new LinkKind.Dummy() },
        ])
        {
            try
            {
                _host.Execute(new NetlinkBatch().AddLink(link));
                // This kernel has it: then it is what was asked for.
                Assert.Equal(link.Kind.Name, _host.Routes.FindLink(link.Name)!.Kind);
                string shown = _host.Program("ip", "-d", "link", "show", link.Name);
                Assert.Contains(link.Kind switch { LinkKind.Ipvlan => "ipvlan  mode l3s private", LinkKind.Vlan => "vlan protocol 802.1Q id 10", _ => "dummy" }, shown, StringComparison.Ordinal);
            }
            catch (LinuxException e)
            {
                Assert.Equal(Errno.EOPNOTSUPP, e.Errno);
                Assert.Contains($"{link.Name} ({link.Kind.Name}) (Unknown device type)", e.Target, StringComparison.Ordinal);
                Assert.Null(_host.Routes.FindLink(link.Name));
            }
        }
    }

    [Fact]
    public void IsolatedPortsDoNotReachEachOther()
    {
        using var other = new TestSpace();
        Port("veth1", _inside, 1);
        Port("veth2", other, 2);
        using Socket server = Listen(other), client = Client();
        Connect(client, server);
        _host.Execute(new NetlinkBatch().SetBridgePort(_host.Index("veth1"), isolated: true).SetBridgePort(_host.Index("veth2"), isolated: true, hairpin: true));
        client.Send([1]);
        string shown = _host.Program("bridge", "-d", "link", "show", "dev", "veth2");
        Assert.Contains("isolated on", shown, StringComparison.Ordinal);
        Assert.Contains("hairpin on", shown, StringComparison.Ordinal);
        _host.Execute(new NetlinkBatch().SetBridgePort(_host.Index("veth1"), isolated: false));
        client.Send([2]);
        byte[] received = new byte[10];
        Assert.Equal((1, 2), (server.Receive(received), received[0])); // and not the one before
        Assert.Contains("hairpin on", _host.Program("bridge", "-d", "link", "show", "dev", "veth2"), StringComparison.Ordinal); // null leaves it
    }

    [Fact]
    public void ALinkMovesAndGetsANameAndGoesThere()
    {
        Port("veth1", _inside, 1);
        using var other = new TestSpace();
        int before = _inside.Index("eth0");
        _inside.Execute(new NetlinkBatch().MoveLink(before, other.Namespace, "eth1"));
        Assert.Null(_inside.Routes.FindLink("eth0"));
        Link moved = other.Routes.FindLink("eth1")!;
        Assert.False(moved.IsUp);
        Assert.DoesNotContain(other.Routes.Addresses(), a => a.LinkIndex == moved.Index);

        // A name that is taken where it goes: it stays where it is.
        Port("veth3", _inside, 3, "eth1");
        LinuxException taken = Assert.Throws<LinuxException>(() => other.Execute(new NetlinkBatch().MoveLink(moved.Index, _inside.Namespace, "eth1")));
        Assert.Equal(Errno.EEXIST, taken.Errno);
        Assert.NotNull(other.Routes.FindLink("eth1"));

        other.Execute(new NetlinkBatch().DeleteLink(moved.Index));
        Assert.Null(_host.Routes.FindLink("veth1")); // its other end
    }

    [Fact]
    public void WhatWentThroughIsCounted()
    {
        using var other = new TestSpace();
        Port("veth1", _inside, 1);
        Port("veth2", other, 2);
        using Socket server = Listen(other), client = Client();
        Connect(client, server);
        LinkStatistics before = Statistics();
        client.Send(new byte[1000]);
        Assert.Equal(1000, server.Receive(new byte[2000]));
        LinkStatistics after = Statistics();
        Assert.Equal(_inside.Index("eth0"), after.Index);
        Assert.InRange(after.SentPackets, before.SentPackets + 1, before.SentPackets + 20);
        Assert.InRange(after.SentBytes, before.SentBytes + 1000, before.SentBytes + 3000);
        Assert.InRange(after.ReceivedBytes, before.ReceivedBytes, before.ReceivedBytes + 2000);
        Assert.Equal((0ul, 0ul, 0ul), (after.ReceivedErrors, after.SentErrors, after.SentDropped));
        Assert.Contains(_inside.Routes.LinkStatistics(), s => s.Name == "lo");
    }

    [Fact]
    public void ANeighbourIsForgotten()
    {
        Port("veth1", _inside, 1);
        _host.Execute(new NetlinkBatch().AddAddress(new LinkAddress(_host.Index("br0"), IPAddress.Parse("10.1.0.254"), 24)));
        var address = IPAddress.Parse("10.1.0.1");
        _host.Run(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            return socket.SendTo([1], new IPEndPoint(address, 9));
        });
        Assert.Contains(_host.Routes.Neighbours(), n => n.Address.Equals(address));
        _host.Execute(new NetlinkBatch().DeleteNeighbour(_host.Index("br0"), address).DeleteNeighbour(_host.Index("br0"), IPAddress.Parse("fd00::9")));
        Assert.DoesNotContain(_host.Routes.Neighbours(), n => n.Address.Equals(address) && n.LinkLayerAddress.Length > 0);
    }

    private LinkStatistics Statistics() => Assert.Single(_inside.Routes.LinkStatistics(), s => s.Name == "eth0");

    private void Port(string name, TestSpace space, byte number, string inside = "eth0")
    {
        _host.Execute(new NetlinkBatch().AddVethPair(new VethPair
        {
            Name = name, Master = _host.Index("br0"), PeerName = inside, PeerAddress = [2, 0, 0, 0, 0, number], PeerNamespace = space.Namespace,
        }));
        int index = space.Index(inside);
        space.Execute(new NetlinkBatch().SetUp(index)
            .AddAddress(new LinkAddress(index, IPAddress.Parse($"10.1.0.{number}"), 24))
            .AddAddress(new LinkAddress(index, IPAddress.Parse($"fd00:1::{number}"), 64)));
    }

    private static Socket Listen(TestSpace space) => space.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        socket.Bind(new IPEndPoint(IPAddress.Parse("fd00:1::2"), 77)); // at once: no address is tentative
        return socket;
    });

    private Socket Client() => _inside.Run(() => new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp));

    // The bridge hears a moment later that its ports have somebody at the other end.
    private static void Connect(Socket client, Socket server)
    {
        client.Connect(server.LocalEndPoint!);
        do
        {
            client.Send([0]);
        }
        while (!server.Poll(100_000, SelectMode.SelectRead));

        while (server.Available > 0)
        {
            server.Receive(new byte[10]);
        }
    }
}
