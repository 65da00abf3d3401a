using System.Net;
using System.Net.Sockets;

using Berth.Linux.Conntrack;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;

using CsCheck;

namespace Berth.Linux.Tests.Conntrack;

/// <summary>Connections that are known are found and forgotten; each test in a namespace of its own.</summary>
public sealed class ConnectionTableTests : IDisposable
{
    private static readonly IPAddress Published = IPAddress.Loopback;
    private static readonly IPAddress Old = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress New = IPAddress.Parse("127.0.0.3");

    private readonly TestSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public void UdpToAPortThatMovedGoesToTheNewPlace()
    {
        using Socket one = Bound(Old, 53), other = Bound(New, 53), client = Bound(IPAddress.Loopback, 0);
        Publish(Old);
        Assert.Equal(Old, Reached(client, one, other));
        Publish(New);
        Assert.Equal(Old, Reached(client, one, other)); // it sticks

        Assert.Equal(0, _space.Netfilter.Forget(new ConnectionFilter(Ipv6: false) { Protocol = ProtocolType.Udp, DestinationPort = 531 }));
        Assert.Equal(0, _space.Netfilter.Forget(new ConnectionFilter(Ipv6: false) { Protocol = ProtocolType.Tcp, DestinationPort = 530 }));
        Assert.Equal(0, _space.Netfilter.Forget(new ConnectionFilter(Ipv6: true) { Protocol = ProtocolType.Udp, DestinationPort = 530 }));
        Assert.Equal(0, _space.Netfilter.Forget(new ConnectionFilter(Ipv6: false) { Protocol = ProtocolType.Udp, DestinationPort = 530, Destination = New }));
        Assert.Equal(Old, Reached(client, one, other));
        Assert.Equal(1, _space.Netfilter.Forget(new ConnectionFilter(Ipv6: false) { Protocol = ProtocolType.Udp, DestinationPort = 530, Destination = Published }));
        Assert.Equal(New, Reached(client, one, other));
        Assert.Equal(1, _space.Netfilter.Forget(new ConnectionFilter(Ipv6: false) { Protocol = ProtocolType.Udp, DestinationPort = 530 }));
    }

    [Fact]
    public void AConnectionIsSeenFromBothSides()
    {
        using Socket one = Bound(Old, 53), client = Bound(IPAddress.Loopback, 0);
        Publish(Old);
        Reached(client, one, one);
        ushort from = (ushort)((IPEndPoint)client.LocalEndPoint!).Port;
        Connection connection = Assert.Single(_space.Netfilter.Connections(new ConnectionFilter(Ipv6: false) { Source = Old, Reply = true }));
        Assert.Equal(
            new Connection(
                new ConnectionTuple(ProtocolType.Udp, IPAddress.Loopback, from, Published, 530),
                new ConnectionTuple(ProtocolType.Udp, Old, 53, IPAddress.Loopback, from)),
            connection);
        Assert.Equal([connection], _space.Netfilter.Connections(new ConnectionFilter(Ipv6: false)));
    }

    [Fact]
    public void TheKernelLeavesOutWhatDoesNotMatch()
    {
        Assert.SkipWhen(Environment.OSVersion.Version < new Version(5, 8), "kernels before 5.8 answer with everything, and Berth picks");
        using Socket one = Bound(Old, 53), client = Bound(IPAddress.Loopback, 0), six = Bound(IPAddress.IPv6Loopback, 53);
        Publish(Old);
        Reached(client, one, one);
        for (int port = 600; port < 605; port++)
        {
            client.SendTo([1], new IPEndPoint(New, port));
            six.SendTo([1], new IPEndPoint(IPAddress.IPv6Loopback, port));
        }

        Assert.Equal(6, Count(new ConnectionFilter(Ipv6: false)));
        Assert.Equal(5, Count(new ConnectionFilter(Ipv6: false) { Destination = New }));
        Assert.Equal(1, Count(new ConnectionFilter(Ipv6: false) { Source = Old, Reply = true }));
        Assert.Equal(1, Count(new ConnectionFilter(Ipv6: false) { Protocol = ProtocolType.Udp, DestinationPort = 602 }));
        Assert.Equal(1, Count(new ConnectionFilter(Ipv6: true) { Protocol = ProtocolType.Udp, DestinationPort = 602 }));
        Assert.Equal(0, Count(new ConnectionFilter(Ipv6: false) { Protocol = ProtocolType.Tcp, DestinationPort = 602 }));

        int Count(ConnectionFilter filter) => _space.Netfilter.Dump(() => ConnectionTable.Question(filter), Connection.Parse).Count;
    }

    [Fact]
    public void SeveralAreForgottenTogether()
    {
        using Socket client = Bound(IPAddress.Loopback, 0), six = Bound(IPAddress.IPv6Loopback, 53);
        Publish(Old);
        for (int port = 600; port < 605; port++)
        {
            client.SendTo([1], new IPEndPoint(Old, port));
            client.SendTo([1], new IPEndPoint(New, port));
            six.SendTo([1], new IPEndPoint(IPAddress.IPv6Loopback, port));
        }

        Assert.Equal(0, _space.Netfilter.Forget([]));
        Assert.Equal(0, _space.Netfilter.Forget([To(false, 1), To(true, 2)]));
        Assert.Equal(1, _space.Netfilter.Forget([To(false, 600) with { Destination = New }]));
        Assert.Equal(1, _space.Netfilter.Forget([To(false, 600), To(false, 600)]));
        Assert.Equal(4, _space.Netfilter.Forget([To(false, 601) with { Destination = Old }, To(true, 601), To(false, 602)]));
        Assert.Equal(1, _space.Netfilter.Forget([To(true, 603) with { Destination = IPAddress.IPv6Loopback }, To(true, 604) with { Destination = IPAddress.IPv6Any }]));
        Assert.Equal(2, _space.Netfilter.Forget([new ConnectionFilter(false) { Reply = true, Source = Old }, To(false, 1)]));
        Assert.Equal(3, _space.Netfilter.Forget([To(false, 601) with { Destination = New }, To(false, 603), To(false, 604)]));
        Assert.Equal(
            [600, 602, 604],
            _space.Netfilter.Connections(new ConnectionFilter(true)).Select(c => (int)c.Original.DestinationPort).Order());
        Assert.Empty(_space.Netfilter.Connections(new ConnectionFilter(false)));

        static ConnectionFilter To(bool ipv6, ushort port) => new(ipv6) { Protocol = ProtocolType.Udp, DestinationPort = port };
    }

    [Fact]
    public void WhatOneFilterMatchesTheirCommonOneMatches()
    {
        Gen<IPAddress> four = Any(IPAddress.Loopback, Old), six = Any(IPAddress.IPv6Loopback, IPAddress.IPv6Any);
        Gen<ushort> port = Any<ushort>(1, 2, 3);
        Gen<ConnectionTuple> Tuple(Gen<IPAddress> address) => Gen.Select(Any(ProtocolType.Udp, ProtocolType.Tcp), address, port, address, port)
            .Select((protocol, source, from, destination, to) => new ConnectionTuple(protocol, source, from, destination, to));
        Gen<Connection> connection = Gen.OneOf(Gen.Select(Tuple(four), Tuple(four)), Gen.Select(Tuple(six), Tuple(six))).Select((original, reply) => new Connection(original, reply));
        Gen<ConnectionFilter> Filter(bool ipv6) => Gen.Select(
            Gen.Bool, Any<ProtocolType?>(null, ProtocolType.Udp, ProtocolType.Tcp), Any(null, IPAddress.Loopback, IPAddress.IPv6Any), Any<ushort?>(null, 1, 2))
            .Select((reply, protocol, destination, port) => new ConnectionFilter(ipv6)
            {
                Reply = reply,
                Protocol = protocol,
                Destination = destination,
                DestinationPort = protocol is null ? null : port,
            });
        Gen.Select(Gen.Bool.SelectMany(ipv6 => Filter(ipv6).Array[1, 4]), connection).Sample((filters, connection) => !filters.Any(f => f.Matches(connection)) || ConnectionFilter.Common(filters).Matches(connection));

        static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
    }

    [Theory]
    [InlineData("127.0.0.1")] // sender of the first, receiver of the answers
    [InlineData("127.0.0.2")] // sender of the answers
    [InlineData("127.0.0.9")] // receiver of the first, before translation
    [InlineData("::1")]
    public void AnAddressIsForgottenWhereverItStands(string address)
    {
        using Socket one = Bound(Old, 53), client = Bound(IPAddress.Loopback, 0), six = Bound(IPAddress.IPv6Loopback, 53);
        Publish(Old);
        client.SendTo([1], new IPEndPoint(IPAddress.Parse("127.0.0.9"), 530));
        six.SendTo([1], new IPEndPoint(IPAddress.IPv6Loopback, 54));
        Assert.Equal(0, _space.Netfilter.ForgetAddress(IPAddress.Parse("127.0.0.77")));
        Assert.Equal(0, _space.Netfilter.ForgetAddress(IPAddress.Parse("fd00::1")));
        Assert.Equal(1, _space.Netfilter.ForgetAddress(IPAddress.Parse(address)));
        Assert.Equal(0, _space.Netfilter.ForgetAddress(IPAddress.Parse(address)));
        Assert.Single((List<Connection>)[.. _space.Netfilter.Connections(new ConnectionFilter(false)), .. _space.Netfilter.Connections(new ConnectionFilter(true))]);
    }

    [Fact]
    public void ManyAreForgottenAndOtherZonesStay()
    {
        _space.Program("nft", "add table inet z; add chain inet z c { type filter hook output priority raw; }; add rule inet z c udp dport 700-2000 ct zone set 5; "
            + "add chain inet z p { type filter hook prerouting priority raw; }; add rule inet z p udp dport 700-2000 ct zone set 5; add rule inet z c ct state new");
        using Socket client = Bound(IPAddress.Loopback, 0);
        for (int port = 1000; port < 3000; port++)
        {
            client.SendTo([1], new IPEndPoint(Old, port));
        }

        int known = _space.Netfilter.Connections(new ConnectionFilter(false) { Destination = Old }).Count;
        Assert.InRange(known, 999, 1000); // the answer to port 2000 and below is zone 5's
        Assert.Equal(known, _space.Netfilter.ForgetAddress(Old));
        Assert.Empty(_space.Netfilter.Connections(new ConnectionFilter(false) { Destination = Old }));
        Assert.Contains("zone=5", _space.Program("cat", "/proc/net/nf_conntrack"), StringComparison.Ordinal);
    }

    [Fact]
    public void NoBytesMakeTheParserFail() => Gen.Byte.Array[20, 200].Sample(bytes =>
    {
        BitConverter.TryWriteBytes(bytes, bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), (ushort)(Libc.NFNL_SUBSYS_CTNETLINK << 8));
        ReadOnlySpan<byte> rest = bytes;
        Assert.True(NetlinkMessage.TryRead(ref rest, out NetlinkMessage message));
        _ = Connection.Parse(message);
        _ = ConnectionTuple.Parse(new NetlinkAttributes(message.Payload));
    });

    private void Publish(IPAddress at) => new NfTransaction().Replace(new NfTable(NfFamily.Inet, "t",
    [
        new NfChain("out", "nat", NfHook.Output, -100, [new NfRule(null, new NfStatement.Port(ProtocolType.Udp, 530), new NfStatement.DestinationTo(at, 53))]),
        new NfChain("in", "filter", NfHook.Input, 0, [new NfRule("IPv6 is tracked too", new NfStatement.Established())]),
    ])).Commit(_space.Netfilter);

    private Socket Bound(IPAddress address, int port) => _space.Run(() =>
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    });

    // Loopback delivers within the send.
    private static IPAddress Reached(Socket client, params Socket[] servers)
    {
        client.SendTo([1], new IPEndPoint(Published, 530));
        Socket server = servers.First(static s => s.Available > 0);
        server.Receive(new byte[10]);
        return ((IPEndPoint)server.LocalEndPoint!).Address;
    }
}
