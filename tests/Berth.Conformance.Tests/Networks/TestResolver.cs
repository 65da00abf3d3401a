using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Berth.Conformance.Tests.Networks;

/// <summary>A name server of the test's own, over UDP and TCP, in a place. What is too long for a datagram is truncated there.</summary>
internal sealed class TestResolver : IAsyncDisposable
{
    private const int LongestDatagram = 512;

    private readonly Dictionary<string, string[]> _names;
    private readonly Socket _datagrams, _listener;
    private readonly Task _tasks;

    /// <param name="place">Where it is.</param>
    /// <param name="address">Where it listens, port 53.</param>
    /// <param name="names">Addresses by name; "*40" stands for a TXT record of so many times 100 bytes.</param>
    public TestResolver(Place place, string address, Dictionary<string, string[]> names)
    {
        _names = names;
        var at = new IPEndPoint(IPAddress.Parse(address), 53);
        (_datagrams, _listener) = (place.Bind(at), place.Listen(at));
        _tasks = Task.WhenAll(DatagramsAsync(), StreamsAsync());
    }

    /// <summary>Names that were asked for.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Asked { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _datagrams.Dispose();
        _listener.Dispose();
        await _tasks;
    }

    private byte[] Answer(ReadOnlySpan<byte> query, int longest)
    {
        int end = 12;
        string name = NameAnswer.NameAt(query, ref end);
        int type = query[end + 1];
        end += 4;
        Asked.Enqueue(name);
        bool known = _names.TryGetValue(name.ToLowerInvariant(), out string[]? values);
        byte[][] records = [.. (values ?? []).Select(v => Record(v, type)).OfType<byte[]>()];
        byte[] body = [.. records.SelectMany(static r => r)];
        bool cut = end + body.Length > longest;
        byte[] header = [query[0], query[1], (byte)(0x85 | (cut ? 2 : 0)), (byte)(known ? 0x80 : 0x83), 0, 1, 0, (byte)(cut ? 0 : records.Length), 0, 0, 0, 0];
        return [.. header, .. query[12..end], .. cut ? [] : body];
    }

    private static byte[]? Record(string value, int type)
    {
        byte[] data;
        if (value[0] == '*')
        {
            data = [.. Enumerable.Range(0, int.Parse(value[1..], System.Globalization.CultureInfo.InvariantCulture)).SelectMany(static _ => (byte[])[99, .. new byte[99]])];
            return type == NameAnswer.Text ? Record(type, data) : null;
        }

        data = IPAddress.Parse(value).GetAddressBytes();
        return type == (data.Length == 4 ? NameAnswer.A : NameAnswer.Aaaa) ? Record(type, data) : null;
    }

    private static byte[] Record(int type, byte[] data) => [0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 1, 0x2C, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    private async Task DatagramsAsync()
    {
        byte[] buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                await _datagrams.SendToAsync(Answer(buffer.AsSpan(0, received.ReceivedBytes), LongestDatagram), received.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task StreamsAsync()
    {
        try
        {
            while (true)
            {
                using Socket accepted = await _listener.AcceptAsync();
                using var stream = new NetworkStream(accepted);
                byte[] prefix = new byte[2];
                await stream.ReadExactlyAsync(prefix);
                byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
                await stream.ReadExactlyAsync(query);
                byte[] answer = Answer(query, ushort.MaxValue);
                await stream.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer]);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }
}
