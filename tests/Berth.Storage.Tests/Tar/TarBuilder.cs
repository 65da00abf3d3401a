using System.Globalization;
using System.Text;

namespace Berth.Tests;

/// <summary>Writes archives byte by byte, so that tests can make what no honest program writes.</summary>
public sealed class TarBuilder
{
    private readonly MemoryStream _bytes = new();

    public static string Octal(long number, int digits) => Convert.ToString(number, 8).PadLeft(digits, '0');

    public TarBuilder File(string name, string content, uint mode = 0x1A4, string? pax = null) => File(name, Encoding.UTF8.GetBytes(content), mode, pax);

    public TarBuilder File(string name, byte[] content, uint mode = 0x1A4, string? pax = null)
    {
        if (pax is not null)
        {
            Pax(pax);
        }

        return Header(name, '0', content.Length, mode: mode).Body(content);
    }

    public TarBuilder Folder(string name, uint mode = 0x1ED) => Header(name, '5', 0, mode: mode);

    public TarBuilder Symlink(string name, string target) => Header(name, '2', 0, target, 0x1FF);

    public TarBuilder HardLink(string name, string target) => Header(name, '1', 0, target);

    /// <summary>Records of "key=value", one a line; a value cannot have a line's end here.</summary>
    public TarBuilder Pax(string records, char type = 'x')
    {
        byte[] body = [.. records.Split('\n').SelectMany(r => Record(Encoding.UTF8.GetBytes(r)))];
        return Header("pax", type, body.Length).Body(body);
    }

    public TarBuilder PaxRaw(byte[] body) => Header("pax", 'x', body.Length).Body(body);

    public static byte[] Record(byte[] keyAndValue)
    {
        int length = keyAndValue.Length + 3;
        while (length != keyAndValue.Length + 2 + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length = keyAndValue.Length + 2 + length.ToString(CultureInfo.InvariantCulture).Length;
        }

        return [.. Encoding.ASCII.GetBytes($"{length.ToString(CultureInfo.InvariantCulture)} "), .. keyAndValue, (byte)'\n'];
    }

    public TarBuilder Header(
        string name, char type, long size, string link = "", uint mode = 0x1A4, Action<byte[]>? change = null, long seconds = 1_600_000_000,
        long uid = 0, long gid = 0, int major = 0, int minor = 0)
    {
        byte[] block = new byte[512];
        Encoding.UTF8.GetBytes(name).CopyTo(block, 0);
        Put(block, 100, Octal(mode, 7));
        Put(block, 108, Octal(uid, 7));
        Put(block, 116, Octal(gid, 7));
        Put(block, 124, Octal(size, 11));
        Put(block, 136, Octal(seconds, 11));
        block[156] = (byte)type;
        Encoding.UTF8.GetBytes(link).CopyTo(block, 157);
        Put(block, 257, "ustar\0" + "00");
        Put(block, 329, Octal(major, 7));
        Put(block, 337, Octal(minor, 7));
        change?.Invoke(block);
        Sum(block);
        _bytes.Write(block);
        return this;
    }

    public TarBuilder Body(byte[] content)
    {
        _bytes.Write(content);
        _bytes.Write(new byte[-content.Length & 511]);
        return this;
    }

    public TarBuilder Raw(byte[] bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public static void Sum(byte[] block)
    {
        Put(block, 148, "        ");
        Put(block, 148, Octal(block.Sum(b => b), 6) + "\0 ");
    }

    public static void Put(byte[] block, int at, string text) => Encoding.ASCII.GetBytes(text).CopyTo(block, at);

    /// <summary>The archive, ended by two zero blocks.</summary>
    public byte[] Build() => [.. _bytes.ToArray(), .. new byte[1024]];

    public byte[] BuildUnended() => _bytes.ToArray();
}
