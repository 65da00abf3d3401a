using System.Buffers.Binary;

namespace Berth.Network.Dns.Messages;

/// <summary>The one question of a message.</summary>
internal readonly ref struct Question
{
    /// <summary>The class of the Internet; no other is in use.</summary>
    public const ushort Internet = 1;

    private Question(ReadOnlySpan<byte> wire, ushort type, ushort @class)
    {
        Wire = wire;
        Type = type;
        Class = @class;
    }

    /// <summary>The name in bytes; it stands at offset 12 of the message.</summary>
    public ReadOnlySpan<byte> Wire { get; }

    public ushort Type { get; }

    public ushort Class { get; }

    /// <summary>Offset of the first byte behind it.</summary>
    public int End => Header.Size + Wire.Length + 4;

    /// <summary>Reads the question behind the header. A compressed name is malformed here: nothing is before it that it could name.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out Question question)
    {
        question = default;
        int at = Header.Size;
        Span<byte> wire = stackalloc byte[DomainName.LongestWire];
        if (message.Length < Header.Size || !DomainName.TryRead(message, ref at, wire, out int length)
            || at != Header.Size + length || message.Length - at < 4)
        {
            return false;
        }

        question = new Question(
            message.Slice(Header.Size, length),
            BinaryPrimitives.ReadUInt16BigEndian(message[at..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]));
        return true;
    }

    /// <summary>Whether an answer is to this question.</summary>
    public bool Same(Question other) => Type == other.Type && Class == other.Class && DomainName.Same(Wire, other.Wire);
}
