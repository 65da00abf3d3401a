using System.Buffers.Binary;
using System.Text;

namespace Berth.Network.Firewall.Firewalld;

/// <summary>A message from the bus, as far as it answers a <see cref="BusCall"/>. Pure; foreign bytes never throw.</summary>
/// <param name="ReplyTo">The call's serial; 0: it answers none.</param>
/// <param name="Error">The error's name; null: the call succeeded.</param>
/// <param name="Text">The first argument where that is a string; else empty. Of an error: what it says.</param>
internal sealed record BusMessage(uint ReplyTo, string? Error, string Text)
{
    /// <summary>Of the part of a message that tells how long it is.</summary>
    public const int PreludeLength = 16;

    /// <summary>What is accepted; the bus itself allows 128 MB.</summary>
    public const int MostBytes = 1 << 20;

    private const byte MethodReturn = 2, ErrorReply = 3;
    private const byte ErrorNameField = 4, ReplySerialField = 5, SignatureField = 8;

    /// <summary>The length of a whole message by its first bytes; -1: malformed, or too long.</summary>
    public static int LengthOf(ReadOnlySpan<byte> prelude)
    {
        if (prelude.Length < PreludeLength || prelude[0] != (byte)'l' || prelude[3] != 1)
        {
            return -1; // of another byte order: nobody on this host writes that
        }

        ulong fields = BinaryPrimitives.ReadUInt32LittleEndian(prelude[12..]), body = BinaryPrimitives.ReadUInt32LittleEndian(prelude[4..]);
        ulong length = PreludeLength + ((fields + 7) & ~7UL) + body;
        return length <= MostBytes ? (int)length : -1;
    }

    /// <summary>Reads a whole message.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out BusMessage message)
    {
        message = new BusMessage(0, null, "");
        if (LengthOf(bytes) != bytes.Length)
        {
            return false;
        }

        int end = PreludeLength + (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]), at = PreludeLength;
        string signature = "", error = "";
        uint replyTo = 0;
        while (at < end)
        {
            if (!TryField(bytes[..end], ref at, out byte code, out string text, out uint number))
            {
                return false;
            }

            switch (code)
            {
                case ErrorNameField: error = text; break;
                case ReplySerialField: replyTo = number; break;
                case SignatureField: signature = text; break;
            }
        }

        int body = (end + 7) & ~7;
        string said = "";
        if (signature.StartsWith('s') && !TryText(bytes, ref body, out said))
        {
            return false;
        }

        message = bytes[1] is MethodReturn or ErrorReply ? new BusMessage(replyTo, bytes[1] == ErrorReply ? error : null, said) : message;
        return true;
    }

    // struct { byte code; variant value }: only types that the specification gives to fields.
    private static bool TryField(ReadOnlySpan<byte> bytes, ref int at, out byte code, out string text, out uint number)
    {
        (code, text, number) = (0, "", 0);
        at = (at + 7) & ~7;
        if (at + 4 > bytes.Length || bytes[at + 1] != 1)
        {
            return false;
        }

        code = bytes[at];
        char type = (char)bytes[at + 2];
        at += 4;
        switch (type)
        {
            case 's' or 'o': return TryText(bytes, ref at, out text);
            case 'u': return TryNumber(bytes, ref at, out number);
            case 'g' when at < bytes.Length && at + bytes[at] + 2 <= bytes.Length:
                text = Encoding.ASCII.GetString(bytes.Slice(at + 1, bytes[at]));
                at += bytes[at] + 2;
                return true;
            default: return false;
        }
    }

    private static bool TryText(ReadOnlySpan<byte> bytes, ref int at, out string text)
    {
        text = "";
        if (!TryNumber(bytes, ref at, out uint length) || length >= (uint)(bytes.Length - at))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(bytes.Slice(at, (int)length));
        at += (int)length + 1;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> bytes, ref int at, out uint number)
    {
        number = 0;
        at = (at + 3) & ~3;
        if (at + 4 > bytes.Length)
        {
            return false;
        }

        number = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
        at += 4;
        return true;
    }
}
