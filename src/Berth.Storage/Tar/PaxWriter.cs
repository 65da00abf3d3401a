using System.Globalization;
using System.Text;

using Berth.Linux.Trees;

namespace Berth.Storage.Tar;

/// <summary>What of an entry does not fit its ustar header, as the records of a pax header (POSIX pax, "pax Header Block").</summary>
internal static class PaxWriter
{
    private static ReadOnlySpan<byte> XattrPrefix => "SCHILY.xattr."u8;

    /// <summary>The records, in order of their names' bytes; empty where the header holds all.</summary>
    /// <exception cref="TarException">An attribute's name has a "=", at which every reader would cut it.</exception>
    public static byte[] RecordsOf(TarEntry entry)
    {
        var records = new MemoryStream();
        foreach (TreeXattr xattr in entry.Xattrs.OrderBy(x => x.Name, Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b))))
        {
            if (xattr.Name.AsSpan().Contains((byte)'='))
            {
                throw new TarException($"the extended attribute {Encoding.UTF8.GetString(xattr.Name)} of {entry.ShownName} has a \"=\" in its name, which no archive can hold");
            }

            Add(records, [.. XattrPrefix, .. xattr.Name], xattr.Value);
        }

        Number(records, "gid"u8, entry.Gid, TarHeaderWriter.LargestId);
        OwnerName(records, "gname"u8, entry.GroupName);
        if (entry.LinkName.Length > TarHeaderWriter.NameLength)
        {
            Add(records, "linkpath"u8, entry.LinkName);
        }

        if (entry.Nanoseconds > 0 || entry.Seconds is < 0 or > TarHeaderWriter.LargestNumber)
        {
            Add(records, "mtime"u8, Encoding.ASCII.GetBytes(Time(entry.Seconds, entry.Nanoseconds)));
        }

        if (TarHeaderWriter.SplitOf(entry.Name) == -2)
        {
            Add(records, "path"u8, entry.Name);
        }

        if (entry.Type == TarEntryType.File)
        {
            Number(records, "size"u8, entry.Size, TarHeaderWriter.LargestNumber);
        }

        Number(records, "uid"u8, entry.Uid, TarHeaderWriter.LargestId);
        OwnerName(records, "uname"u8, entry.UserName);
        return records.ToArray();
    }

    /// <summary>The header that announces the records. Only programs that know no pax ever show its name.</summary>
    public static TarEntry EntryOf(TarEntry entry, int length)
    {
        ReadOnlySpan<byte> name = entry.Name.AsSpan().TrimEnd((byte)'/');
        name = name[(name.LastIndexOf((byte)'/') + 1)..];
        return new TarEntry { Name = [.. "PaxHeaders/"u8, .. name[..Math.Min(name.Length, 80)]], Mode = 0x1A4 /* 0644 */, Size = length };
    }

    private static void Number(MemoryStream records, ReadOnlySpan<byte> key, long number, long largest)
    {
        if (number < 0 || number > largest)
        {
            Add(records, key, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static void OwnerName(MemoryStream records, ReadOnlySpan<byte> key, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length > TarHeaderWriter.OwnerNameLength)
        {
            Add(records, key, bytes);
        }
    }

    // A timespec counts its nanoseconds up from the second before; text counts them away from zero: (-2, 750000000) is -1.25.
    private static string Time(long seconds, uint nanoseconds)
    {
        bool below = seconds < 0 && nanoseconds > 0;
        long whole = below ? seconds + 1 : seconds;
        uint fraction = below ? 1_000_000_000 - nanoseconds : nanoseconds;
        string sign = below && whole == 0 ? "-" : "";
        string text = string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}");
        return fraction == 0 ? text : $"{text}.{fraction.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}";
    }

    // "LENGTH KEY=VALUE\n", where the length counts its own digits.
    private static void Add(MemoryStream records, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        int rest = key.Length + value.Length + 3; // space, "=", newline
        int length = rest + Digits(rest);
        length = rest + Digits(length);
        records.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
        records.WriteByte((byte)' ');
        records.Write(key);
        records.WriteByte((byte)'=');
        records.Write(value);
        records.WriteByte((byte)'\n');
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
