using System.Globalization;
using System.Text;

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
            Encoding.ASCII.GetBytes(number.ToString("D15", CultureInfo.InvariantCulture) + "\n", _line);
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
