using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Berth.Linux.Netlink;

/// <summary>One message from the kernel.</summary>
public readonly ref struct NetlinkMessage
{
    private const int HeaderLength = 16;

    private NetlinkMessage(ReadOnlySpan<byte> bytes)
    {
        Type = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        Flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        Sequence = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        Port = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        Payload = bytes[HeaderLength..];
    }

    public ushort Type { get; }

    public ushort Flags { get; }

    public uint Sequence { get; }

    /// <summary>In an answer: the socket that asked; in a notification: the socket that made the change, 0 for the kernel itself.</summary>
    public uint Port { get; }

    /// <summary>What follows the header: the family's fixed part and its attributes.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Takes the first message off what was received. False at the end, and for bytes that are no whole message.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> received, out NetlinkMessage message)
    {
        message = default;
        if (received.Length < HeaderLength)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(received);
        if (length < HeaderLength || length > (uint)received.Length)
        {
            return false;
        }

        message = new NetlinkMessage(received[..(int)length]);
        received = received[Math.Min((int)(length + 3 & ~3u), received.Length)..];
        return true;
    }

    /// <summary>The fixed part and the attributes behind it. False when the message is too short for it.</summary>
    public bool TrySplit<T>(out T header, out NetlinkAttributes attributes)
        where T : unmanaged
    {
        attributes = default;
        if (!MemoryMarshal.TryRead(Payload, out header))
        {
            return false;
        }

        int size = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in header, 1)).Length + 3 & ~3;
        attributes = new NetlinkAttributes(Payload[Math.Min(size, Payload.Length)..]);
        return true;
    }
}
