using System.Text;

namespace Berth.Network.Dns.Messages;

/// <summary>
/// Names: as bytes in a message ("wire": labels with their lengths, the root's zero at the end) and as text.
/// Text is lower case, without the last dot, printable ASCII; a dot inside a label and bytes that cannot be printed are written as
/// RFC 1035, section 5.1 does (\. and \DDD), so that two different names never have one text and a log line cannot be forged.
/// </summary>
internal static class DomainName
{
    /// <summary>Bytes of the longest name, with lengths and root (RFC 1035, section 2.3.4).</summary>
    public const int LongestWire = 255;
    public const int LongestLabel = 63;

    /// <summary>Characters of the longest text: each byte as \DDD.</summary>
    public const int LongestText = LongestWire * 4;

    private const int PointerMask = 0xC0;

    /// <summary>Reads the name at <paramref name="at"/>, follows pointers, and leaves <paramref name="at"/> behind the name.</summary>
    /// <param name="wire">At least <see cref="LongestWire"/> bytes; the name without compression is written here.</param>
    /// <returns>False: malformed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, Span<byte> wire, out int length)
    {
        length = 0;
        int position = at, lowest = at;
        bool jumped = false;
        while (position < message.Length)
        {
            int size = message[position];
            if ((size & PointerMask) == PointerMask)
            {
                if (position + 1 >= message.Length)
                {
                    return false;
                }

                int target = ((size & ~PointerMask) << 8) | message[position + 1];
                at = jumped ? at : position + 2;
                // Each pointer leads further to the front than all before it: so a chain of them ends.
                if (target < Header.Size || target >= lowest)
                {
                    return false;
                }

                (jumped, lowest, position) = (true, target, target);
                continue;
            }

            // 01 and 10 are no label types in use (RFC 6891, section 5).
            if ((size & PointerMask) != 0 || position + 1 + size > message.Length || length + 1 + size > LongestWire)
            {
                return false;
            }

            message.Slice(position, 1 + size).CopyTo(wire[length..]);
            length += 1 + size;
            position += 1 + size;
            if (size == 0)
            {
                at = jumped ? at : position;
                return true;
            }
        }

        return false;
    }

    /// <summary>Passes the name at <paramref name="at"/> without reading where its pointer leads.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> message, ref int at)
    {
        for (int position = at; position < message.Length;)
        {
            int size = message[position];
            if ((size & PointerMask) == PointerMask)
            {
                at = position + 2;
                return at <= message.Length;
            }

            if ((size & PointerMask) != 0)
            {
                return false;
            }

            position += 1 + size;
            if (size == 0)
            {
                at = position;
                return true;
            }
        }

        return false;
    }

    /// <summary>The text of a name that <see cref="TryRead"/> read. The root is the empty text.</summary>
    /// <param name="text">At least <see cref="LongestText"/> characters.</param>
    public static int ToText(ReadOnlySpan<byte> wire, Span<char> text)
    {
        int length = 0;
        for (int at = 0; wire[at] != 0; at += 1 + wire[at])
        {
            if (at > 0)
            {
                text[length++] = '.';
            }

            length += WriteLabel(wire.Slice(at + 1, wire[at]), text[length..]);
        }

        return length;
    }

    /// <summary>
    /// A name as people write it, to bytes: UTF-8, a last dot is accepted, nothing is an escape.
    /// </summary>
    /// <param name="wire">At least <see cref="LongestWire"/> bytes.</param>
    /// <returns>False: an empty label, a label over 63 bytes or a name over 255.</returns>
    public static bool TryWrite(ReadOnlySpan<char> name, Span<byte> wire, out int length)
    {
        length = 0;
        name = name is [.., '.'] ? name[..^1] : name;
        while (!name.IsEmpty)
        {
            int dot = name.IndexOf('.');
            ReadOnlySpan<char> label = dot < 0 ? name : name[..dot];
            int size = Encoding.UTF8.GetByteCount(label);
            if (size is 0 or > LongestLabel || length + 2 + size > LongestWire || dot == name.Length - 1)
            {
                return false;
            }

            wire[length] = (byte)size;
            length += 1 + Encoding.UTF8.GetBytes(label, wire[(length + 1)..]);
            name = dot < 0 ? [] : name[(dot + 1)..];
        }

        wire[length++] = 0;
        return true;
    }

    /// <summary>The text by which a name that people wrote is looked up; null where it is none (see <see cref="TryWrite"/>).</summary>
    public static string? Normal(string name)
    {
        Span<byte> wire = stackalloc byte[LongestWire];
        Span<char> text = stackalloc char[LongestText];
        return TryWrite(name, wire, out _) ? text[..ToText(wire, text)].ToString() : null;
    }

    /// <summary>Whether two names in bytes are the same; case does not count (RFC 4343).</summary>
    public static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        for (int i = 0; i < a.Length; i++)
        {
            // Lengths of labels are below 64, so lowering them as well changes nothing.
            if (Lower(a[i]) != Lower(b[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    private static int WriteLabel(ReadOnlySpan<byte> label, Span<char> text)
    {
        int length = 0;
        foreach (byte value in label)
        {
            if (value is (byte)'.' or (byte)'\\')
            {
                text[length++] = '\\';
                text[length++] = (char)value;
            }
            else if (value is > 0x20 and < 0x7F)
            {
                text[length++] = (char)Lower(value);
            }
            else
            {
                text[length++] = '\\';
                text[length++] = (char)('0' + (value / 100));
                text[length++] = (char)('0' + (value / 10 % 10));
                text[length++] = (char)('0' + (value % 10));
            }
        }

        return length;
    }
}
