using System.Text;

namespace Berth.Storage.Tar;

/// <summary>The 512 bytes before an entry (POSIX pax, "ustar Interchange Format"). What does not fit a field is in the pax records before it.</summary>
internal static class TarHeaderWriter
{
    public const int NameLength = 100;
    public const int PrefixLength = 155;
    public const int OwnerNameLength = 32;

    /// <summary>The largest number of seven octal digits: ids and device numbers.</summary>
    public const long LargestId = (1L << 21) - 1;

    /// <summary>The largest number of eleven octal digits: sizes and times.</summary>
    public const long LargestNumber = (1L << 33) - 1;

    public static byte TypeFlag(TarEntryType type) => type switch
    {
        TarEntryType.File => (byte)'0',
        TarEntryType.HardLink => (byte)'1',
        TarEntryType.Symlink => (byte)'2',
        TarEntryType.CharacterDevice => (byte)'3',
        TarEntryType.BlockDevice => (byte)'4',
        TarEntryType.Folder => (byte)'5',
        TarEntryType.Fifo => (byte)'6',
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static void Write(TarEntry entry, byte type, Span<byte> block)
    {
        block.Clear();
        WriteName(entry.Name, block);
        Octal(block.Slice(100, 8), entry.Mode & 0xFFF);
        Octal(block.Slice(108, 8), Fits(entry.Uid, LargestId));
        Octal(block.Slice(116, 8), Fits(entry.Gid, LargestId));
        Octal(block.Slice(124, 12), type is (byte)'0' or (byte)'x' ? Fits(entry.Size, LargestNumber) : 0);
        Octal(block.Slice(136, 12), Fits(entry.Seconds, LargestNumber));
        block[156] = type;
        Cut(entry.LinkName, block.Slice(157, NameLength));
        "ustar\000"u8.CopyTo(block[257..]);
        Cut(Encoding.UTF8.GetBytes(entry.UserName), block.Slice(265, OwnerNameLength));
        Cut(Encoding.UTF8.GetBytes(entry.GroupName), block.Slice(297, OwnerNameLength));
        if (entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
        {
            Octal(block.Slice(329, 8), Device(entry.DeviceMajor, entry));
            Octal(block.Slice(337, 8), Device(entry.DeviceMinor, entry));
        }

        Sum(block);
    }

    /// <summary>Where a long name is cut into prefix and name; -1 where it fits the name's field by itself, -2 where it fits no way.</summary>
    public static int SplitOf(ReadOnlySpan<byte> name)
    {
        if (name.Length <= NameLength)
        {
            return -1;
        }

        // The first slash that leaves a name short enough leaves the shortest prefix. A slash at the end is the name's.
        int from = Math.Max(1, name.Length - NameLength - 1);
        int slash = name[from..^1].IndexOf((byte)'/');
        return slash >= 0 && from + slash <= PrefixLength ? from + slash : -2;
    }

    private static void WriteName(ReadOnlySpan<byte> name, Span<byte> block)
    {
        int split = SplitOf(name);
        if (split < 0)
        {
            Cut(name, block[..NameLength]);
            return;
        }

        name[..split].CopyTo(block.Slice(345, PrefixLength));
        name[(split + 1)..].CopyTo(block);
    }

    private static void Cut(ReadOnlySpan<byte> text, Span<byte> field) => text[..Math.Min(text.Length, field.Length)].CopyTo(field);

    private static long Fits(long number, long largest) => number < 0 || number > largest ? 0 : number;

    private static long Device(uint number, TarEntry entry) =>
        number <= LargestId ? number : throw new TarException($"the device {entry.ShownName} has the number {number}, which no archive can hold");

    // Digits to the field's last byte but one, which is zero.
    private static void Octal(Span<byte> field, long number)
    {
        for (int i = field.Length - 2; i >= 0; i--)
        {
            field[i] = (byte)('0' + (number & 7));
            number >>= 3;
        }
    }

    // Six digits, a zero, a space; summed with the field itself as spaces.
    private static void Sum(Span<byte> block)
    {
        block.Slice(148, 8).Fill((byte)' ');
        long sum = 0;
        foreach (byte b in block)
        {
            sum += b;
        }

        Octal(block.Slice(148, 7), sum);
    }
}
