using System.Buffers.Text;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>
/// Times as Go prints RFC3339Nano in UTC ("2006-01-02T15:04:05.9Z"): the fraction has as many digits as it needs, and none with its point when it is zero.
/// The part before the point is kept, since most lines of a second share it.
/// </summary>
internal sealed class LogTimestamp
{
    /// <summary>Bytes that <see cref="Write"/> writes at most.</summary>
    public const int MaxLength = 30;

    private const long NanosecondsInSecond = 1_000_000_000;

    private readonly byte[] _second = new byte[19];
    private long _formatted = long.MinValue;

    /// <summary>Writes a time given in nanoseconds since 1970 and answers the number of bytes.</summary>
    public int Write(long nanoseconds, Span<byte> into)
    {
        long second = Math.DivRem(nanoseconds, NanosecondsInSecond, out long fraction);
        if (second != _formatted)
        {
            FormatSecond(second);
        }

        _second.CopyTo(into);
        int length = _second.Length;
        if (fraction != 0)
        {
            into[length++] = (byte)'.';
            _ = Utf8Formatter.TryFormat((ulong)fraction, into[length..], out _, new System.Buffers.StandardFormat('D', 9));
            length += 9;
            while (into[length - 1] == '0')
            {
                length--;
            }
        }

        into[length++] = (byte)'Z';
        return length;
    }

    private void FormatSecond(long second)
    {
        DateTime time = DateTime.UnixEpoch.AddSeconds(second);
        Digits(time.Year, 0, 4, '-');
        Digits(time.Month, 5, 2, '-');
        Digits(time.Day, 8, 2, 'T');
        Digits(time.Hour, 11, 2, ':');
        Digits(time.Minute, 14, 2, ':');
        Digits(time.Second, 17, 2, '\0');
        _formatted = second;
    }

    private void Digits(int value, int at, int count, char behind)
    {
        for (int i = at + count - 1; i >= at; i--)
        {
            _second[i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        if (behind != '\0')
        {
            _second[at + count] = (byte)behind;
        }
    }
}
