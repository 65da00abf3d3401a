using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Berth.Network.Tests.Dns;

/// <summary>Messages written and read by hand, apart from the code under test.</summary>
internal static class TestMessage
{
    public const ushort A = 1, Cname = 5, Ptr = 12, Mx = 15, Txt = 16, Aaaa = 28, Opt = 41, Https = 65;

    /// <summary>A query with the flag RD.</summary>
    /// <param name="payload">Of an OPT record; 0: without.</param>
    public static byte[] Query(string name, ushort type, ushort id = 0x1234, ushort payload = 0, ushort @class = 1, ushort flags = 0x0100, byte version = 0)
    {
        List<byte> bytes = [.. Words(id, flags, 1, 0, 0, (ushort)(payload == 0 ? 0 : 1)), .. Name(name), .. Words(type, @class)];
        if (payload != 0)
        {
            bytes.AddRange([0, .. Words(Opt, payload), 0, version, 0, 0, 0, 0]);
        }

        return [.. bytes];
    }

    /// <summary>An answer to a query: its id and question, and records.</summary>
    public static byte[] Answer(byte[] query, ushort flags, params byte[][] records)
    {
        int end = QuestionEnd(query);
        return [.. query[..2], .. Words((ushort)(0x8000 | flags), 1, (ushort)records.Length, 0, 0), .. query[12..end], .. records.SelectMany(record => record)];
    }

    public static byte[] Record(string owner, ushort type, uint ttl, byte[] data) =>
        [.. Name(owner), .. Words(type, 1, (ushort)(ttl >> 16), (ushort)ttl, (ushort)data.Length), .. data];

    public static byte[] Address(string owner, string address, uint ttl = 300)
    {
        byte[] bytes = IPAddress.Parse(address).GetAddressBytes();
        return Record(owner, bytes.Length == 4 ? A : Aaaa, ttl, bytes);
    }

    public static byte[] Alias(string owner, string target, uint ttl = 300) => Record(owner, Cname, ttl, Name(target));

    public static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)Encoding.UTF8.GetByteCount(label), .. Encoding.UTF8.GetBytes(label)]), 0];

    public static byte[] Words(params ushort[] words) => [.. words.SelectMany(word => (byte[])[(byte)(word >> 8), (byte)word])];

    public static ushort Word(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    public static string QuestionName(byte[] message) => ReadName(message, 12, out _);

    public static ushort QuestionType(byte[] message) => Word(message, QuestionEnd(message) - 4);

    public static Reply Read(byte[] message)
    {
        int at = Word(message, 4) == 0 ? 12 : QuestionEnd(message);
        var records = new List<ReplyRecord>();
        int count = Word(message, 6) + Word(message, 8) + Word(message, 10);
        for (int i = 0; i < count; i++)
        {
            string owner = ReadName(message, at, out at);
            int length = Word(message, at + 8);
            ushort type = Word(message, at);
            string text = type is A or Aaaa ? new IPAddress(message.AsSpan(at + 10, length)).ToString()
                : type is Ptr or Cname ? ReadName(message, at + 10, out _)
                : Convert.ToHexString(message, at + 10, length);
            records.Add(new ReplyRecord(owner, type, BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(at + 4)), Word(message, at + 2), text));
            at += 10 + length;
        }

        Assert.Equal(message.Length, at);
        return new Reply(message, Word(message, 0), Word(message, 2), records[..Word(message, 6)], records);
    }

    private static int QuestionEnd(byte[] message)
    {
        ReadName(message, 12, out int at);
        return at + 4;
    }

    private static string ReadName(byte[] message, int at, out int after)
    {
        after = -1;
        var text = new StringBuilder();
        while (message[at] != 0)
        {
            if ((message[at] & 0xC0) == 0xC0)
            {
                after = after < 0 ? at + 2 : after;
                at = Word(message, at) & 0x3FFF;
                continue;
            }

            text.Append(Encoding.UTF8.GetString(message, at + 1, message[at])).Append('.');
            at += 1 + message[at];
        }

        after = after < 0 ? at + 1 : after;
        return text.ToString();
    }
}
