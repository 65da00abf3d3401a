using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Tests.Dns;

/// <summary>A server on loopback whose answers the test decides. UDP and TCP have the same port.</summary>
internal sealed class TestUpstream : IAsyncDisposable
{
    private readonly Socket _udp, _tcp;
    private readonly Func<byte[], IEnumerable<byte[]>> _datagrams;
    private readonly Func<byte[], byte[]?> _stream;
    private readonly Task _loops;

    /// <param name="datagrams">What to send back for a query over UDP: none, one or several.</param>
    /// <param name="stream">What to answer over TCP; null: close.</param>
    public TestUpstream(Func<byte[], IEnumerable<byte[]>> datagrams, Func<byte[], byte[]?>? stream = null)
    {
        (_datagrams, _stream) = (datagrams, stream ?? (_ => null));
        (_udp, _tcp) = Bind();
        Address = (IPEndPoint)_udp.LocalEndPoint!;
        _tcp.Listen();
        _loops = Task.WhenAll(DatagramsAsync(), StreamsAsync());
    }

    public IPEndPoint Address { get; }

    /// <summary>Queries that came, with where from.</summary>
    public ConcurrentQueue<(byte[] Message, EndPoint From, bool Stream)> Asked { get; } = new();

    /// <summary>Answers every A query with one address.</summary>
    public static TestUpstream Of(string address) =>
        new(query => [TestMessage.Answer(query, 0x8180, TestMessage.Address(TestMessage.QuestionName(query), address))]);

    public static TestUpstream Failing(ushort code) => new(query => [TestMessage.Answer(query, (ushort)(0x8180 | code))]);

    public static TestUpstream Silent() => new(_ => []);

    /// <summary>Answers from another port than was asked.</summary>
    public void SendFromElsewhere(byte[] message, EndPoint to)
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.SendTo(message, to);
    }

    public async ValueTask DisposeAsync()
    {
        _udp.Dispose();
        _tcp.Dispose();
        await _loops;
    }

    // The port that is free for one may be taken for the other: queries of tests beside this one hold ports at random.
    private static (Socket Udp, Socket Tcp) Bind()
    {
        for (int tries = 0; ; tries++)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                tcp.Bind(udp.LocalEndPoint!);
                return (udp, tcp);
            }
            catch (SocketException) when (tries < 16)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task DatagramsAsync()
    {
        byte[] buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                byte[] query = buffer[..received.ReceivedBytes];
                Asked.Enqueue((query, received.RemoteEndPoint, false));
                foreach (byte[] answer in _datagrams(query))
                {
                    await _udp.SendToAsync(answer, received.RemoteEndPoint);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task StreamsAsync()
    {
        try
        {
            while (true)
            {
                using Socket connection = await _tcp.AcceptAsync();
                byte[] prefix = new byte[2];
                using var stream = new NetworkStream(connection);
                await stream.ReadExactlyAsync(prefix);
                byte[] query = new byte[TestMessage.Word(prefix, 0)];
                await stream.ReadExactlyAsync(query);
                Asked.Enqueue((query, connection.RemoteEndPoint!, true));
                if (_stream(query) is { } answer)
                {
                    await stream.WriteAsync((byte[])[.. TestMessage.Words((ushort)answer.Length), .. answer]);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
        }
    }
}
