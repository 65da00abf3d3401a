using System.Text;

namespace Berth.Runtime.Tests.Monitor.Logs;

/// <summary>What Go makes of bytes in a string, written down a second time and slowly: every byte that does not belong to valid UTF-8 becomes U+FFFD.</summary>
internal static class GoText
{
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (int i = 0; i < bytes.Length;)
        {
            int size = Size(bytes[i..]);
            text.Append(size == 0 ? "\ufffd" : Encoding.UTF8.GetString(bytes.Slice(i, size)));
            i += Math.Max(size, 1);
        }

        return text.ToString();
    }

    /// <summary>Length of the character that starts here, by the table of the Unicode standard (3-7); 0: none does.</summary>
    private static int Size(ReadOnlySpan<byte> s)
    {
        byte first = s[0];
        (int size, int low, int high) = first switch
        {
            < 0x80 => (1, 0, 0),
            >= 0xC2 and <= 0xDF => (2, 0x80, 0xBF),
            0xE0 => (3, 0xA0, 0xBF),
            0xED => (3, 0x80, 0x9F),
            >= 0xE1 and <= 0xEF => (3, 0x80, 0xBF),
            0xF0 => (4, 0x90, 0xBF),
            >= 0xF1 and <= 0xF3 => (4, 0x80, 0xBF),
            0xF4 => (4, 0x80, 0x8F),
            _ => (0, 0, 0),
        };
        if (size > s.Length)
        {
            return 0;
        }

        for (int i = 1; i < size; i++)
        {
            if (i == 1 ? s[i] < low || s[i] > high : s[i] is < 0x80 or > 0xBF)
            {
                return 0;
            }
        }

        return size;
    }
}
