using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>
/// One line of a log in the format of Docker's json-file driver. The text is escaped byte for byte as that driver does it
/// (moby, jsonlog/jsonlogbytes.go), so that readers which compare raw lines see no difference: \u003c for &lt;, \u0009 for a tab,
/// \ufffd for each byte that is no UTF-8.
/// </summary>
internal static class LogLineEncoder
{
    /// <summary>What a line needs at most beside its text: keys, stream name, time, newline.</summary>
    public const int Overhead = 80 + LogTimestamp.MaxLength;

    /// <summary>Six bytes for one: \u0000.</summary>
    public const int MaxGrowth = 6;

    /// <summary>Writes the line and answers its length.</summary>
    /// <param name="text">The line without its newline.</param>
    /// <param name="complete">It ended with a newline (a part of a long line does not).</param>
    /// <param name="stream">"stdout" or "stderr".</param>
    /// <param name="time">As <see cref="LogTimestamp"/> wrote it.</param>
    /// <param name="into">Room for <c>text.Length * MaxGrowth + Overhead</c>.</param>
    public static int Encode(ReadOnlySpan<byte> text, bool complete, ReadOnlySpan<byte> stream, ReadOnlySpan<byte> time, Span<byte> into)
    {
        int at = Put("{\"log\":\""u8, into, 0);
        at += Escape(text, into[at..]);
        at = complete ? Put("\\n\",\"stream\":\""u8, into, at) : Put("\",\"stream\":\""u8, into, at);
        at = Put(stream, into, at);
        at = Put("\",\"time\":\""u8, into, at);
        at = Put(time, into, at);
        return Put("\"}\n"u8, into, at);
    }

    /// <summary>Escapes text as Go's JSON does and answers how many bytes were written.</summary>
    public static int Escape(ReadOnlySpan<byte> text, Span<byte> into)
    {
        int at = 0;
        while (!text.IsEmpty)
        {
            int plain = PlainLength(text);
            text[..plain].CopyTo(into[at..]);
            at += plain;
            text = text[plain..];
            if (text.IsEmpty)
            {
                break;
            }

            int taken;
            if (text[0] < 0x80)
            {
                at += EscapeAscii(text[0], into[at..]);
                taken = 1;
            }
            else
            {
                at += EscapeRune(text, into[at..], out taken);
            }

            text = text[taken..];
        }

        return at;
    }

    private static int EscapeAscii(byte value, Span<byte> into)
    {
        switch (value)
        {
            case (byte)'"' or (byte)'\\':
                into[0] = (byte)'\\';
                into[1] = value;
                return 2;
            case (byte)'\n':
                return Put("\\n"u8, into, 0);
            case (byte)'\r':
                return Put("\\r"u8, into, 0);
            default:
                int at = Put("\\u00"u8, into, 0);
                into[at] = Hex(value >> 4);
                into[at + 1] = Hex(value & 15);
                return at + 2;
        }
    }

    private static int EscapeRune(ReadOnlySpan<byte> text, Span<byte> into, out int taken)
    {
        if (Rune.DecodeFromUtf8(text, out Rune rune, out taken) != System.Buffers.OperationStatus.Done)
        {
            taken = 1; // Go's DecodeRune gives up one byte at a time, .NET's the longest broken sequence
            return Put("\\ufffd"u8, into, 0);
        }

        if (rune.Value is 0x2028 or 0x2029)
        {
            int at = Put("\\u202"u8, into, 0);
            into[at] = Hex(rune.Value & 15);
            return at + 1;
        }

        text[..taken].CopyTo(into);
        return taken;
    }

    /// <summary>How many bytes from the start need no escape and are ASCII.</summary>
    private static int PlainLength(ReadOnlySpan<byte> text)
    {
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i + Vector128<byte>.Count <= text.Length; i += Vector128<byte>.Count)
            {
                var bytes = Vector128.Create(text.Slice(i, Vector128<byte>.Count));

                // As signed numbers control characters and everything over 0x7f are below a space.
                Vector128<byte> special = Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)0x20)).AsByte()
                    | Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                    | Vector128.Equals(bytes, Vector128.Create((byte)'<')) | Vector128.Equals(bytes, Vector128.Create((byte)'>'))
                    | Vector128.Equals(bytes, Vector128.Create((byte)'&'));
                uint mask = special.ExtractMostSignificantBits();
                if (mask != 0)
                {
                    return i + System.Numerics.BitOperations.TrailingZeroCount(mask);
                }
            }
        }

        while (i < text.Length && IsPlain(text[i]))
        {
            i++;
        }

        return i;
    }

    private static bool IsPlain(byte value) =>
        value is >= 0x20 and < 0x80 and not (byte)'"' and not (byte)'\\' and not (byte)'<' and not (byte)'>' and not (byte)'&';

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Put(ReadOnlySpan<byte> bytes, Span<byte> into, int at)
    {
        bytes.CopyTo(into[at..]);
        return at + bytes.Length;
    }
}
