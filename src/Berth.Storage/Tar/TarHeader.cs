using System.Text;

namespace Berth.Storage.Tar;

/// <summary>The 512 bytes before an entry (POSIX pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format").</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int Length = 512;

    private readonly ReadOnlySpan<byte> _block = block;

    public byte TypeFlag => _block[156];

    public ReadOnlySpan<byte> LinkName => Text(_block.Slice(157, 100));

    public bool IsZero => !_block.ContainsAnyExcept((byte)0);

    public bool IsGnu => _block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    private bool IsUstar => _block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    private bool IsStar => IsUstar && _block.Slice(508, 4).SequenceEqual("tar\0"u8);

    public long Mode => Number(_block.Slice(100, 8), "mode");

    public long Uid => Number(_block.Slice(108, 8), "uid");

    public long Gid => Number(_block.Slice(116, 8), "gid");

    public long Size => Number(_block.Slice(124, 12), "size");

    public long Seconds => Number(_block.Slice(136, 12), "mtime");

    // Version 7 archives have other bytes there.
    public string UserName => IsGnu || IsUstar ? Encoding.UTF8.GetString(Text(_block.Slice(265, 32))) : "";

    public string GroupName => IsGnu || IsUstar ? Encoding.UTF8.GetString(Text(_block.Slice(297, 32))) : "";

    public long DeviceMajor => IsGnu || IsUstar ? Number(_block.Slice(329, 8), "devmajor") : 0;

    public long DeviceMinor => IsGnu || IsUstar ? Number(_block.Slice(337, 8), "devminor") : 0;

    // GNU's old sparse format: four pieces here, more in blocks that follow (GNU tar manual, "Old GNU Format").
    public ReadOnlySpan<byte> GnuSparse => _block.Slice(386, 96);

    public bool GnuSparseContinues => _block[482] != 0;

    public long GnuRealSize => Number(_block.Slice(483, 12), "real size");

    /// <summary>Prefix and name; GNU archives have times in the prefix's place.</summary>
    public byte[] Name
    {
        get
        {
            ReadOnlySpan<byte> name = Text(_block[..100]);
            ReadOnlySpan<byte> prefix = IsUstar ? Text(_block.Slice(345, IsStar ? 131 : 155)) : [];
            return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
        }
    }

    /// <summary>The sum of all bytes with the checksum's own taken as spaces; old programs summed signed bytes.</summary>
    public bool IsSumRight
    {
        get
        {
            long unsigned = 0, signed = 0;
            for (int i = 0; i < Length; i++)
            {
                byte b = i is >= 148 and < 156 ? (byte)' ' : _block[i];
                unsigned += b;
                signed += (sbyte)b;
            }

            return TryNumber(_block.Slice(148, 8), out long sum) && (sum == unsigned || sum == signed);
        }
    }

    internal static long Number(ReadOnlySpan<byte> field, string what) =>
        TryNumber(field, out long value) ? value : throw new TarException($"damaged archive: the header's {what} is not a number");

    // Octal digits, padded with spaces or zeros in front and ended by a space or a zero byte; or base 256 when the top bit is set (GNU, star).
    private static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0)
        {
            return TryBase256(field, out value);
        }

        ReadOnlySpan<byte> digits = field.Trim((ReadOnlySpan<byte>)[(byte)' ', 0]);
        int end = digits.IndexOfAny((byte)' ', (byte)0);
        foreach (byte digit in end < 0 ? digits : digits[..end])
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    private static bool TryBase256(ReadOnlySpan<byte> field, out long value)
    {
        bool negative = (field[0] & 0x40) != 0;
        value = negative ? -1 : 0;
        for (int i = 0; i < field.Length; i++)
        {
            byte b = i > 0 ? field[i] : negative ? (byte)(field[0] | 0x80) : (byte)(field[0] & 0x7F);
            if (value >> 55 != (negative ? -1 : 0))
            {
                return false; // more than 63 bits
            }

            value = (value << 8) | b;
        }

        return true;
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
