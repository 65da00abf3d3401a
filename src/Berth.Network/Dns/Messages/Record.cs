using System.Buffers.Binary;

namespace Berth.Network.Dns.Messages;

/// <summary>One record of a message: where its parts are.</summary>
internal readonly ref struct Record(ReadOnlySpan<byte> message, int start, int afterName)
{
    private const int DataAt = 10;

    /// <summary>Offset of the record (its name) in the message.</summary>
    public int Start { get; } = start;

    public ushort Type { get; } = BinaryPrimitives.ReadUInt16BigEndian(message[afterName..]);

    /// <summary>For OPT the payload size that the sender takes.</summary>
    public ushort Class { get; } = BinaryPrimitives.ReadUInt16BigEndian(message[(afterName + 2)..]);

    /// <summary>Offset of the TTL in the message.</summary>
    public int TimeToLiveAt { get; } = afterName + 4;

    /// <summary>Seconds. For OPT the upper bits of the code, the version, and flags.</summary>
    public uint TimeToLive { get; } = BinaryPrimitives.ReadUInt32BigEndian(message[(afterName + 4)..]);

    /// <summary>Offset of the data in the message.</summary>
    public int DataStart { get; } = afterName + DataAt;

    public ReadOnlySpan<byte> Data { get; } = message.Slice(afterName + DataAt, BinaryPrimitives.ReadUInt16BigEndian(message[(afterName + 8)..]));

    /// <summary>Reads the record at <paramref name="at"/> and leaves <paramref name="at"/> behind it.</summary>
    /// <returns>False: malformed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, out Record record)
    {
        record = default;
        int start = at;
        if (!DomainName.TrySkip(message, ref at) || message.Length - at < DataAt)
        {
            return false;
        }

        int end = at + DataAt + BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
        if (end > message.Length)
        {
            return false;
        }

        record = new Record(message, start, at);
        at = end;
        return true;
    }
}
