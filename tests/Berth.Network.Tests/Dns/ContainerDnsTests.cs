using System.Net;
using System.Net.Sockets;

using Berth.Linux.Namespaces;
using Berth.Network.Dns;
using Berth.Network.Firewall;
using Berth.Network.Networks;
using Berth.Network.Sandboxes;

namespace Berth.Network.Tests.Dns;

/// <summary>What a container finds follows the networks it is on, its settings and its end.</summary>
public sealed class ContainerDnsTests : IAsyncLifetime
{
    private const int NxDomain = 3, ServFail = 2;

    private static readonly Network Front = Net("front"), Back = Net("back"), Default = Net("bridge");

    private readonly TestHost _host = new();
    private readonly NetworkTable _table = new([Front, Back, Default]);
    private readonly Socket _asking = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<string> _log = [];
    private NetworkThread _thread = null!;
    private ContainerDns _dns = null!;

    public async ValueTask InitializeAsync()
    {
        NetworkOptions options = _host.Options with { Log = _log.Add };
        _thread = new NetworkThread(options);
        await _thread.Opened;
        _dns = new ContainerDns(options, _table, _thread, await _thread.RunAsync(host => new FirewallKeeper(host.Firewall, options.BridgeName, options.Log)));
    }

    public async ValueTask DisposeAsync()
    {
        _asking.Dispose();
        await _dns.DisposeAsync();
        _thread.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task NamesOfTheContainersNetworksAreFoundUntilTheyAreWithdrawn()
    {
        Endpoint web = Place("web", Front);
        Place("db", Back);
        Serve("client", Front);
        Assert.Equal([web.Address!.ToString()], await FindAsync("web"));
        Assert.Equal(ServFail, await FailAsync("db")); // no server was given to ask for other names

        _dns.Withdraw(web);
        Assert.Equal(ServFail, await FailAsync("web"));
    }

    [Fact]
    public async Task ANetworkMoreIsSeenAfterARefresh()
    {
        Endpoint db = Place("db", Back);
        Serve("client", Front);
        Endpoint own = Place("client", Back);
        Assert.Equal(ServFail, await FailAsync("db"));
        _dns.Refresh(Id("client"));
        Assert.Equal([db.Address!.ToString()], await FindAsync("db"));

        _table.Leave(own);
        _dns.Refresh(Id("client"));
        Assert.Equal(ServFail, await FailAsync("db"));
        _dns.Refresh(Id("stranger")); // no harm
    }

    [Fact]
    public async Task NewSettingsCountWhenTheyAreGivenAndTheOldOnesOtherwise()
    {
        Endpoint db = Place("db", Front);
        Serve("client", Front);
        Assert.Equal(ServFail, await FailAsync("sql"));
        _dns.Refresh(Id("client"), Settings("client") with { Links = new Dictionary<string, IReadOnlyDictionary<string, string>> { [Front.Id] = new Dictionary<string, string> { ["sql"] = "db" } } });
        Assert.Equal([db.Address!.ToString()], await FindAsync("sql"));
        _dns.Refresh(Id("client"));
        Assert.Equal([db.Address!.ToString()], await FindAsync("sql"));
    }

    [Fact]
    public async Task ThePredefinedNetworkHasNoNames()
    {
        Place("web", Default);
        Place("client", Default);
        Serve("client", Front);
        Assert.Equal(ServFail, await FailAsync("web"));
    }

    [Fact]
    public async Task ARemovedNetworkHasNoneAnyMore()
    {
        Place("web", Front);
        _dns.Forget(Front);
        Serve("client", Front);
        Assert.Equal(ServFail, await FailAsync("web"));
    }

    [Fact]
    public async Task WhoHasEndedIsNotServed()
    {
        (Socket udp, Socket tcp) = Serve("client", Front);
        Assert.True(_dns.IsServed(Id("client")));
        await _dns.StopAsync(Id("client"));
        Assert.False(_dns.IsServed(Id("client")));
        Assert.True(udp.SafeHandle.IsClosed && tcp.SafeHandle.IsClosed);
        await _dns.StopAsync(Id("client")); // no harm
    }

    [Fact]
    public async Task ItsEndStopsAll()
    {
        (Socket one, _) = Serve("one", Front);
        (Socket two, _) = Serve("two", Back);
        await _dns.DisposeAsync();
        Assert.True(one.SafeHandle.IsClosed && two.SafeHandle.IsClosed);
        Assert.False(_dns.IsServed(Id("one")) || _dns.IsServed(Id("two")));
    }

    /// <summary>The server is asked from the host's namespace, which is not this test's.</summary>
    [Fact]
    public async Task OtherNamesAreAskedForFromTheHost()
    {
        using Socket server = NetworkNamespace.Run(_host.Namespace, static () =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        });
        Serve("client", Front, Settings("client") with { Upstreams = [(IPEndPoint)server.LocalEndPoint!] });
        await _asking.SendAsync(TestMessage.Query("example.org", TestMessage.A));
        using CancellationTokenSource limit = ServedContainer.Limit();
        byte[] query = new byte[512];
        SocketReceiveFromResult asked = await server.ReceiveFromAsync(query, new IPEndPoint(IPAddress.Any, 0), limit.Token);
        Assert.Equal("example.org.", TestMessage.QuestionName(query));
        await server.SendToAsync(TestMessage.Answer(query[..asked.ReceivedBytes], 0x8180, TestMessage.Address("example.org", "192.0.2.1")), asked.RemoteEndPoint, limit.Token);
        Assert.Equal(["192.0.2.1"], (await ReceiveAsync()).Data);
    }

    [Fact]
    public async Task AnAllowListIsThatOfTheNetworkThatLeadsOut()
    {
        Network limited = Net("limited") with { Options = new Dictionary<string, string> { [BridgeOptions.EgressKey] = "example.org" } };
        _table.Add(limited);
        Serve("client", limited, Settings("client") with { Upstreams = [new IPEndPoint(IPAddress.Loopback, 1)] });
        Assert.Equal(NxDomain, await FailAsync("example.com"));
        Assert.Contains("network limited: container client asked for example.com", Assert.Single(_log), StringComparison.Ordinal);
        Assert.Equal(ServFail, await FailAsync("example.org")); // it may be asked for, of a server that is none
    }

    private static Network Net(string name) => new()
    {
        Id = name.PadRight(64, '0'),
        Name = name,
        Driver = NetworkDrivers.Bridge,
        Created = DateTimeOffset.UnixEpoch,
        Bridge = "br-" + name,
        Subnets = [new NetworkSubnet { Subnet = new IPNetwork(new IPAddress([10, (byte)name[0], (byte)name[1], 0]), 24), Gateway = new IPAddress([10, (byte)name[0], (byte)name[1], 1]) }],
    };

    private static DnsSettings Settings(string container) => new() { ContainerName = container };

    private Endpoint Place(string container, Network network)
    {
        Endpoint endpoint = _table.Place(Id(container), network, new EndpointRequest { Network = network.Name, Names = [container] });
        _dns.Announce(network, endpoint);
        return endpoint;
    }

    private (Socket Udp, Socket Tcp) Serve(string container, Network network, DnsSettings? settings = null)
    {
        Place(container, network);
        var sockets = new ResolverSockets(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        sockets.Udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        sockets.Tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        sockets.Tcp.Listen();
        _asking.Connect(sockets.Udp.LocalEndPoint!);
        _dns.Serve(Id(container), sockets, settings ?? Settings(container));
        return (sockets.Udp, sockets.Tcp);
    }

    private static string Id(string container) => container.PadRight(64, '0');

    private async Task<string[]> FindAsync(string name)
    {
        Reply reply = await AskAsync(name);
        Assert.Equal(0, reply.Code);
        return reply.Data;
    }

    private async Task<int> FailAsync(string name)
    {
        Reply reply = await AskAsync(name);
        Assert.Empty(reply.Answers);
        return reply.Code;
    }

    private async Task<Reply> AskAsync(string name)
    {
        await _asking.SendAsync(TestMessage.Query(name, TestMessage.A));
        return await ReceiveAsync();
    }

    private async Task<Reply> ReceiveAsync()
    {
        using CancellationTokenSource limit = ServedContainer.Limit();
        byte[] buffer = new byte[65536];
        return TestMessage.Read(buffer[..await _asking.ReceiveAsync(buffer, limit.Token)]);
    }
}
