using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.Conformance.Tests.Networks;

/// <summary>What a name server answered: RFC 1035, as much of it as the tests look at.</summary>
/// <param name="Code">0: no error, 3: there is no such name.</param>
/// <param name="Truncated">To be asked for again over TCP.</param>
/// <param name="Records">Data of the answer's records: addresses, names, or the length of what else there is.</param>
internal sealed record NameAnswer(int Code, bool Truncated, IReadOnlyList<string> Records)
{
    public const int A = 1, Ptr = 12, Text = 16, Aaaa = 28;

    /// <summary>"0 10.0.0.2 10.0.0.3": the code and the records in order; "no answer" where none came.</summary>
    public override string ToString() => string.Join(' ', [$"{Code}", .. Records.Order(StringComparer.Ordinal)]);

    /// <summary>Asks a server, at 127.0.0.11 the embedded one, from a place.</summary>
    public static async Task<NameAnswer?> AskAsync(Place from, string name, int type = A, string server = "127.0.0.11:53", bool stream = false)
    {
        byte[] query = Query(name, type);
        using Socket socket = stream ? await from.ConnectAsync(IPEndPoint.Parse(server)) : from.Datagrams(server);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        byte[] answer = new byte[ushort.MaxValue];
        try
        {
            if (!stream)
            {
                await socket.SendAsync(query);
                return Parse(answer.AsSpan(0, await socket.ReceiveAsync(answer, patience.Token)));
            }

            using var channel = new NetworkStream(socket);
            await channel.WriteAsync((byte[])[0, (byte)query.Length, .. query]);
            await channel.ReadExactlyAsync(answer.AsMemory(0, 2), patience.Token);
            int length = BinaryPrimitives.ReadUInt16BigEndian(answer);
            await channel.ReadExactlyAsync(answer.AsMemory(0, length), patience.Token);
            return Parse(answer.AsSpan(0, length));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return null;
        }
    }

    /// <summary>As text, for an assertion.</summary>
    public static async Task<string> TextAsync(Place from, string name, int type = A) => (await AskAsync(from, name, type))?.ToString() ?? "no answer";

    public static byte[] Query(string name, int type)
    {
        var bytes = new List<byte> { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (string label in name.TrimEnd('.').Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        return [.. bytes, 0, 0, (byte)type, 0, 1];
    }

    private static NameAnswer Parse(ReadOnlySpan<byte> message)
    {
        int at = 12, count = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        NameAt(message, ref at);
        at += 4;
        var records = new List<string>();
        for (int i = 0; i < count; i++)
        {
            NameAt(message, ref at);
            int type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]), length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            at += 10;
            int data = at;
            records.Add(type is A or Aaaa ? new IPAddress(message.Slice(at, length)).ToString() : type == Ptr ? NameAt(message, ref data) : $"{length} bytes");
            at += length;
        }

        return new NameAnswer(message[3] & 15, (message[2] & 2) != 0, records);
    }

    /// <summary>Reads a name, and a place behind it.</summary>
    public static string NameAt(ReadOnlySpan<byte> message, ref int at)
    {
        var name = new StringBuilder();
        int here = at;
        bool jumped = false;
        while (message[here] != 0)
        {
            if (message[here] >= 0xC0)
            {
                at = jumped ? at : here + 2;
                (jumped, here) = (true, ((message[here] & 0x3F) << 8) | message[here + 1]);
                continue;
            }

            name.Append(Encoding.ASCII.GetString(message.Slice(here + 1, message[here]))).Append('.');
            here += message[here] + 1;
        }

        at = jumped ? at : here + 1;
        return name.ToString().TrimEnd('.');
    }
}
