using System.Buffers.Binary;

namespace Berth.Network.Dns.Messages;

/// <summary>The twelve bytes at the head of each message (RFC 1035, section 4.1.1): where things are, and the flags.</summary>
internal static class Header
{
    public const int Size = 12;

    public const ushort Response = 0x8000;
    public const ushort OperationMask = 0x7800;
    public const ushort Truncated = 0x0200;
    public const ushort RecursionDesired = 0x0100;
    public const ushort RecursionAvailable = 0x0080;
    public const ushort AuthenticData = 0x0020;
    public const ushort CheckingDisabled = 0x0010;
    public const ushort CodeMask = 0x000F;

    private const int FlagsAt = 2, CountsAt = 4;

    public static ushort Id(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message);

    public static ushort Flags(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[FlagsAt..]);

    public static ResponseCode Code(ReadOnlySpan<byte> message) => (ResponseCode)(Flags(message) & CodeMask);

    public static bool Has(ReadOnlySpan<byte> message, ushort flag) => (Flags(message) & flag) != 0;

    public static ushort Count(ReadOnlySpan<byte> message, Section section) => BinaryPrimitives.ReadUInt16BigEndian(message[(CountsAt + (2 * (int)section))..]);

    public static void SetCount(Span<byte> message, Section section, int count) =>
        BinaryPrimitives.WriteUInt16BigEndian(message[(CountsAt + (2 * (int)section))..], (ushort)count);

    /// <summary>Writes id, flags and the number of questions; no records yet.</summary>
    public static void Write(Span<byte> message, ushort id, ushort flags, int questions)
    {
        message[..Size].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        BinaryPrimitives.WriteUInt16BigEndian(message[FlagsAt..], flags);
        SetCount(message, Section.Question, questions);
    }

    public static void SetFlags(Span<byte> message, ushort flags) => BinaryPrimitives.WriteUInt16BigEndian(message[FlagsAt..], flags);
}
