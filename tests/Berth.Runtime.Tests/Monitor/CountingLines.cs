using System.Buffers;
using System.Buffers.Text;

namespace Berth.Runtime.Tests.Monitor;

/// <summary>An endless text of numbered lines of 16 bytes, of which any part can be compared.</summary>
internal sealed class CountingLines
{
    private readonly byte[] _line = new byte[16];

    public bool Matches(ReadOnlySpan<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            (long number, long within) = Math.DivRem(offset, 16);
            _ = Utf8Formatter.TryFormat((ulong)number, _line, out _, new StandardFormat('D', 15));
            _line[15] = (byte)'\n';
            ReadOnlySpan<byte> rest = _line.AsSpan((int)within);
            int length = Math.Min(rest.Length, bytes.Length);
            if (!bytes[..length].SequenceEqual(rest[..length]))
            {
                return false;
            }

            bytes = bytes[length..];
            offset += length;
        }

        return true;
    }
}
