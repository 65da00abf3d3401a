using System.Net;
using System.Net.Sockets;

using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>
/// Two containers on a network of both families, one published openly and one through the host's rules, with a connection open each way: from outside,
/// from the host's loopback, and from a container to outside. They are to go on whatever happens to the host's firewall.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    /// <summary>The ports of the host; that of the policy "host" has to be let in.</summary>
    public const int Open = 8090, ThroughHost = 8091;

    private const int OutsidePort = 8099;

    private readonly WiredDaemon _wired;
    private readonly string _network, _one, _two;
    private readonly List<IDisposable> _places = [];
    private readonly List<PeerServer> _servers = [];
    private readonly List<(Place From, string To, string Answer, Socket Socket)> _connections = [];

    private Traffic(WiredDaemon wired, string network, string one, string two) => (_wired, _network, _one, _two) = (wired, network, one, two);

    public static async Task<Traffic> BeginAsync(WiredDaemon wired)
    {
        string network = wired.NewName("n");
        await wired.Daemon.TextAsync("network", "create", "--ipv6", "--subnet", "10.81.0.0/24", network);
        string one = await wired.SleeperAsync("--network", network, "-p", $"{Open}:80", "-p", $"{Open}:80/udp");
        string two = await wired.SleeperAsync("--network", network, "--label", "berth.publish-policy=host", "-p", $"{ThroughHost}:80", "-p", $"{ThroughHost}:80/udp");
        var traffic = new Traffic(wired, network, one, two);
        try
        {
            await traffic.ConnectAsync();
            return traffic;
        }
        catch
        {
            await traffic.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every connection still echoes, and new ones see and are seen as before, soon.</summary>
    public async Task HoldsAsync(string when)
    {
        foreach ((_, string to, string answer, Socket socket) in _connections)
        {
            Assert.Equal((to, answer, when), (to, answer, await Place.EchoAsync(socket, when)));
        }

        foreach ((Place from, string to, string answer, _) in _connections)
        {
            await Until.TrueAsync(async () => await from.AskAsync(to) == answer, $"{to} answers \"{answer}\" {when}");
            await Until.TrueAsync(async () => await from.AskByDatagramAsync(to) == answer, $"{to} answers \"{answer}\" by datagrams {when}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _connections.ForEach(static c => c.Socket.Dispose());
        foreach (PeerServer server in _servers)
        {
            await server.DisposeAsync();
        }

        _places.ForEach(static p => p.Dispose());
        await _wired.Daemon.TextAsync("rm", "-f", _one, _two);
        await _wired.Daemon.TextAsync("network", "rm", _network);
    }

    private async Task ConnectAsync()
    {
        Place one = await InsideAsync(_one), two = await InsideAsync(_two);
        _servers.AddRange([new PeerServer(one, "one", 80), new PeerServer(two, "two", 80), new PeerServer(_wired.Outside, "outside", OutsidePort)]);
        string gateway = await _wired.GatewayAsync(_one, _network), gateway6 = await _wired.ShownAsync(_one, $"{{{{(index .NetworkSettings.Networks \"{_network}\").IPv6Gateway}}}}");
        foreach ((Place from, string to, string answer) in new[]
        {
            (_wired.Outside, $"{WiredDaemon.HostAddress}:{Open}", $"one {WiredDaemon.OutsideAddress}"), (_wired.Outside, $"[{WiredDaemon.HostAddress6}]:{Open}", $"one {WiredDaemon.OutsideAddress6}"),
            (_wired.Outside, $"{WiredDaemon.HostAddress}:{ThroughHost}", $"two {WiredDaemon.OutsideAddress}"), (_wired.Outside, $"[{WiredDaemon.HostAddress6}]:{ThroughHost}", $"two {WiredDaemon.OutsideAddress6}"),
            (_wired.Host, $"127.0.0.1:{Open}", $"one {gateway}"), (_wired.Host, $"[::1]:{Open}", $"one {gateway6}"), (_wired.Host, $"127.0.0.1:{ThroughHost}", $"two {gateway}"),
            (one, $"{WiredDaemon.OutsideAddress}:{OutsidePort}", $"outside {WiredDaemon.HostAddress}"), (one, $"[{WiredDaemon.OutsideAddress6}]:{OutsidePort}", $"outside {WiredDaemon.HostAddress6}"),
            (one, $"{await _wired.AddressAsync(_two, _network)}:80", $"two {await _wired.AddressAsync(_one, _network)}"),
        })
        {
            Socket? socket = null;
            await Until.TrueAsync(async () => (socket = await TryAsync(from, to)) is not null, $"{to} can be reached");
            _connections.Add((from, to, answer, socket!));
            Assert.Equal((to, answer), (to, await Place.LineAsync(socket!)));
        }
    }

    private async Task<Place> InsideAsync(string container)
    {
        Place place = await Place.OfContainerAsync(_wired.Daemon, container);
        _places.Add(place);
        return place;
    }

    private static async Task<Socket?> TryAsync(Place from, string to)
    {
        try
        {
            return await from.ConnectAsync(IPEndPoint.Parse(to));
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
