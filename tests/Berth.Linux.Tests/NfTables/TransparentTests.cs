using System.Net;
using System.Net.Sockets;

using Berth.Linux.Netlink;
using Berth.Linux.NfTables;

namespace Berth.Linux.Tests.NfTables;

/// <summary>A socket that speaks with a stranger's address gets the answers: socket match, mark, policy rule and local route together.</summary>
public sealed class TransparentTests : IDisposable
{
    private const uint Mark = 0x10;
    private const int Table = 4711;

    private readonly TestSpace _host = new();
    private readonly TestSpace _container = new();
    private readonly int _veth;

    public TransparentTests()
    {
        _host.Execute(new NetlinkBatch().AddVethPair(new VethPair { Name = "veth1", PeerName = "eth0", PeerAddress = [2, 0, 0, 0, 0, 2], PeerNamespace = _container.Namespace }));
        _veth = _host.Index("veth1");
        int eth0 = _container.Index("eth0");
        _host.Execute(new NetlinkBatch().AddAddress(new LinkAddress(_veth, IPAddress.Parse("10.1.0.1"), 24)).AddAddress(new LinkAddress(_veth, IPAddress.Parse("fd00:1::1"), 64)));
        _container.Execute(new NetlinkBatch().SetUp(eth0)
            .AddAddress(new LinkAddress(eth0, IPAddress.Parse("10.1.0.2"), 24)).AddAddress(new LinkAddress(eth0, IPAddress.Parse("fd00:1::2"), 64))
            .AddRoute(new Route(null, 0, IPAddress.Parse("10.1.0.1"), eth0)).AddRoute(new Route(null, 0, IPAddress.Parse("fd00:1::1"), eth0)));
    }

    public void Dispose()
    {
        _container.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("203.0.113.7", "10.1.0.2")]
    [InlineData("2001:db8::7", "fd00:1::2")]
    public async Task TheServerSeesTheStrangersAddressAsync(string stranger, string server)
    {
        IPAddress from = IPAddress.Parse(stranger), to = IPAddress.Parse(server);
        new NfTransaction().Replace(new NfTable(NfFamily.Inet, "t",
        [
            new NfChain("mark", "filter", NfHook.Prerouting, -150,
            [
                new NfRule(null, new NfStatement.Protocol(ProtocolType.Tcp), new NfStatement.ForTransparentSocket(), new NfStatement.SetMark(Mark), new NfStatement.Accept()),
            ]),
        ])).Commit(_host.Netfilter);
        bool six = to.AddressFamily == AddressFamily.InterNetworkV6;
        _host.Execute(new NetlinkBatch()
            .AddRule(new PolicyRule(six, 100, Table, Mark, 0xF0))
            .AddRoute(new Route(six ? IPAddress.IPv6Any : IPAddress.Any, 0, null, _host.Index("lo"), Table, RouteType.Local)));

        using Socket listener = _container.Run(() => new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(to, 80));
        listener.Listen();
        using Socket client = _host.Run(() => new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        client.SetRawSocketOption(six ? 41 : 0, six ? 75 : 19, BitConverter.GetBytes(1)); // IPV6_TRANSPARENT, IP_TRANSPARENT
        client.Bind(new IPEndPoint(from, 0));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await client.ConnectAsync(new IPEndPoint(to, 80), limit.Token);
        using Socket accepted = await listener.AcceptAsync(limit.Token);
        Assert.Equal(from, ((IPEndPoint)accepted.RemoteEndPoint!).Address);
        await accepted.SendAsync(new byte[] { 7 }, limit.Token);
        byte[] answer = new byte[1];
        Assert.Equal((1, 7), (await client.ReceiveAsync(answer, limit.Token), answer[0]));
    }

    [Fact]
    public void AMarkSetOnTheWayOutChangesTheRoute()
    {
        var address = new IPEndPoint(IPAddress.Parse("203.0.113.9"), 9);
        using Socket server = _host.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 });
        server.SetRawSocketOption(0, 19, BitConverter.GetBytes(1));
        server.Bind(address);
        _host.Execute(new NetlinkBatch()
            .AddRoute(new Route(null, 0, IPAddress.Parse("10.1.0.2"), _veth))
            .AddRule(new PolicyRule(Ipv6: false, 100, Table, Mark, uint.MaxValue))
            .AddRoute(new Route(IPAddress.Any, 0, null, _host.Index("lo"), Table, RouteType.Local)));
        new NfTransaction().Replace(new NfTable(NfFamily.Inet, "t",
        [
            new NfChain("mark", "route", NfHook.Output, -150, [new NfRule(null, new NfStatement.Port(ProtocolType.Udp, 9), new NfStatement.SetMark(Mark))]),
        ])).Commit(_host.Netfilter);
        using Socket client = _host.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        client.SendTo([7], address);
        byte[] received = new byte[1];
        Assert.Equal((1, 7), (server.Receive(received), received[0])); // not sent to the gateway, as the route says without the mark
    }
}
