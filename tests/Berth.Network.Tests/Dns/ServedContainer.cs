using System.Net;
using System.Net.Sockets;

using Berth.Network.Dns;
using Berth.Network.Dns.Forwarding;
using Berth.Network.Dns.Serving;

namespace Berth.Network.Tests.Dns;

/// <summary>The server with one container on loopback, and that container's side of the sockets.</summary>
internal sealed class ServedContainer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _asking = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public ServedContainer(DnsClient client, DnsLimits? limits = null, DnsServer? server = null, UpstreamSocketFactory? sockets = null)
    {
        _udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _tcp.Listen();
        Datagrams = (IPEndPoint)_udp.LocalEndPoint!;
        Streams = (IPEndPoint)_tcp.LocalEndPoint!;
        _asking.Connect(Datagrams);
        Served = (server ?? new DnsServer(sockets ?? Open, limits ?? new DnsLimits(), Log.Add)).Serve(_udp, _tcp, client);
    }

    public IPEndPoint Datagrams { get; }

    public IPEndPoint Streams { get; }

    public ServedClient Served { get; }

    public List<string> Log { get; } = [];

    public static ValueTask<Socket> Open(AddressFamily family, ProtocolType protocol, CancellationToken cancel) =>
        new(new Socket(family, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol));

    public static CancellationTokenSource Limit() => new(Patience);

    /// <summary>Asks over UDP.</summary>
    public async Task<Reply> AskAsync(byte[] query)
    {
        await SendAsync(query);
        return await ReceiveAsync();
    }

    public Task<Reply> AskAsync(string name, ushort type = TestMessage.A, ushort payload = 0) => AskAsync(TestMessage.Query(name, type, payload: payload));

    public async Task SendAsync(byte[] query) => await _asking.SendAsync(query);

    public async Task<Reply> ReceiveAsync()
    {
        using CancellationTokenSource limit = Limit();
        byte[] buffer = new byte[65536];
        return TestMessage.Read(buffer[..await _asking.ReceiveAsync(buffer, limit.Token)]);
    }

    /// <summary>Whether anything is there to be received.</summary>
    public bool HasAnswer => _asking.Available > 0;

    /// <summary>A TCP connection.</summary>
    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(Streams);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public static byte[] Framed(byte[] query) => [.. TestMessage.Words((ushort)query.Length), .. query];

    public static async Task<Reply> ReadAsync(NetworkStream stream)
    {
        using CancellationTokenSource limit = Limit();
        byte[] prefix = new byte[2];
        await stream.ReadExactlyAsync(prefix, limit.Token);
        byte[] message = new byte[TestMessage.Word(prefix, 0)];
        await stream.ReadExactlyAsync(message, limit.Token);
        return TestMessage.Read(message);
    }

    /// <summary>Waits for the end of a connection.</summary>
    /// <returns>False: there were bytes.</returns>
    public static async Task<bool> EndsAsync(NetworkStream stream)
    {
        using CancellationTokenSource limit = Limit();
        try
        {
            return await stream.ReadAsync(new byte[1], limit.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _asking.Dispose();
        await Served.DisposeAsync();
    }
}
