using System.Text;

namespace Berth.Storage.Tar;

/// <summary>
/// Reads archives of every dialect that images come in: v7, ustar, GNU (long names, base-256 numbers, sparse), pax (xattrs, nanoseconds,
/// sparse 0.0 to 1.0), star. Forward only, over any stream; the bytes of files are handed out from its own buffer without a copy.
/// </summary>
public sealed class TarReader(Stream source, TarLimits limits)
{
    private readonly TarSource _source = new(source);
    private PaxRecords _global = new();
    private IReadOnlyList<TarSparsePiece>? _pieces;
    private int _piece;
    private long _inPiece;
    private long _packed;
    private long _padding;
    private long _entries;
    private long _total;

    /// <summary>The next entry; null at the archive's end. What was not read of the last one is skipped.</summary>
    /// <exception cref="TarException">Damaged, cut short, or over a limit.</exception>
    public TarEntry? Next()
    {
        _source.Skip(_packed + _padding);
        (_packed, _padding, _pieces) = (0, 0, null);
        PaxRecords? local = null;
        byte[]? longName = null, longLink = null;
        while (ReadHeader() is { } block)
        {
            var header = new TarHeader(block);
            switch (header.TypeFlag)
            {
                case (byte)'x' or (byte)'X':
                    local ??= new PaxRecords();
                    local.Add(ReadBody(header.Size));
                    break;
                case (byte)'g':
                    var global = new PaxRecords();
                    global.Add(ReadBody(header.Size));
                    _global = _global.With(global);
                    break;
                case (byte)'L':
                    longName = Ended(ReadBody(header.Size));
                    break;
                case (byte)'K':
                    longLink = Ended(ReadBody(header.Size));
                    break;
                case (byte)'V':
                    ReadBody(header.Size); // a volume's label
                    break;
                default:
                    return Begin(header, _global.With(local), longName, longLink);
            }
        }

        return local is null && longName is null && longLink is null ? null : throw new TarException("damaged archive: it ends after an extended header");
    }

    /// <summary>The next bytes of the entry's file and where in it they belong; empty at its end. Valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadData(out long offset)
    {
        offset = 0;
        if (_pieces is not { } pieces)
        {
            return [];
        }

        while (_piece < pieces.Count && _inPiece == pieces[_piece].Length)
        {
            (_piece, _inPiece) = (_piece + 1, 0);
        }

        if (_piece == pieces.Count)
        {
            return [];
        }

        offset = pieces[_piece].Offset + _inPiece;
        ReadOnlySpan<byte> bytes = _source.Take(pieces[_piece].Length - _inPiece);
        _inPiece += bytes.Length;
        _packed -= bytes.Length;
        return bytes;
    }

    /// <summary>The whole file of the entry, for small ones.</summary>
    /// <exception cref="TarException">It is over <paramref name="most"/> bytes.</exception>
    public byte[] ReadAll(TarEntry entry, int most)
    {
        if (entry.Size > most)
        {
            throw new TarException($"{entry.ShownName} has {entry.Size} bytes, more than {most} are not taken");
        }

        byte[] whole = new byte[entry.Size];
        ReadOnlySpan<byte> bytes;
        while (!(bytes = ReadData(out long offset)).IsEmpty)
        {
            bytes.CopyTo(whole.AsSpan((int)offset));
        }

        return whole;
    }

    private TarEntry Begin(TarHeader header, PaxRecords pax, byte[]? longName, byte[]? longLink)
    {
        if (++_entries > limits.Entries)
        {
            throw new TarException($"the archive has more than {limits.Entries} entries");
        }

        byte[] name = Checked(pax["GNU.sparse.name"] ?? pax["path"] ?? longName ?? header.Name, "name");
        TarEntryType type = TypeOf(header.TypeFlag, name);
        bool hasBody = type == TarEntryType.File;
        long stored = hasBody ? pax.Number("size") ?? header.Size : 0;
        if (stored < 0)
        {
            throw new TarException($"damaged archive: {Encoding.UTF8.GetString(name)} has a negative size");
        }

        (_packed, _padding) = (stored, -stored & (TarHeader.Length - 1));
        (IReadOnlyList<TarSparsePiece>? sparse, long size) = hasBody ? TarSparse.Read(header, pax, this, stored, limits) : (null, 0);
        (_pieces, _piece, _inPiece) = (hasBody ? sparse ?? [new TarSparsePiece(0, stored)] : null, 0, 0);
        _total += hasBody ? _packed : 0;
        if (_total > limits.TotalSize)
        {
            throw new TarException($"the archive's files have more than {limits.TotalSize} bytes");
        }

        (long seconds, uint nanoseconds) = pax.Time("mtime") ?? (header.Seconds, 0);
        return new TarEntry
        {
            Type = type, Name = name, LinkName = Checked(pax["linkpath"] ?? longLink ?? header.LinkName.ToArray(), "link"),
            Mode = (uint)header.Mode & 0xFFF, Uid = pax.Number("uid") ?? header.Uid, Gid = pax.Number("gid") ?? header.Gid,
            UserName = pax["uname"] is { } user ? Encoding.UTF8.GetString(user) : header.UserName,
            GroupName = pax["gname"] is { } group ? Encoding.UTF8.GetString(group) : header.GroupName,
            Size = size, Seconds = seconds, Nanoseconds = nanoseconds, Xattrs = pax.Xattrs, Sparse = sparse,
            DeviceMajor = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? (uint)header.DeviceMajor : 0,
            DeviceMinor = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? (uint)header.DeviceMinor : 0,
        };
    }

    /// <summary>Reads whole blocks that belong to the entry's description (sparse maps); they are no part of its data.</summary>
    internal byte[] ReadMapBlock(bool countsAsData)
    {
        byte[] block = _source.ReadBlock() ?? throw new TarException("the archive is cut short in a sparse map");
        if (countsAsData && (_packed -= block.Length) < 0)
        {
            throw new TarException("damaged archive: a sparse map is longer than its file");
        }

        return block;
    }

    private static TarEntryType TypeOf(byte flag, ReadOnlySpan<byte> name) => flag switch
    {
        // Version 7 has no folders: a file whose name ends so is one.
        (byte)'0' or 0 or (byte)'7' or (byte)'S' => flag is (byte)'0' or 0 && name.EndsWith("/"u8) ? TarEntryType.Folder : TarEntryType.File,
        (byte)'1' => TarEntryType.HardLink,
        (byte)'2' => TarEntryType.Symlink,
        (byte)'3' => TarEntryType.CharacterDevice,
        (byte)'4' => TarEntryType.BlockDevice,
        (byte)'5' => TarEntryType.Folder,
        (byte)'6' => TarEntryType.Fifo,
        _ => throw new TarException($"{Encoding.UTF8.GetString(name)} is of an unknown type ('{(char)flag}', {flag})"),
    };

    private byte[]? ReadHeader()
    {
        byte[]? block = _source.ReadBlock();
        if (block is null)
        {
            return null; // some writers leave the two zero blocks out
        }

        var header = new TarHeader(block);
        if (header.IsZero)
        {
            return null;
        }

        return header.IsSumRight ? block : throw new TarException("damaged archive: a header's checksum is wrong");
    }

    private byte[] ReadBody(long size)
    {
        if (size < 0 || size > limits.HeaderLength)
        {
            throw new TarException($"an extended header has {size} bytes, more than {limits.HeaderLength} are not taken");
        }

        byte[] body = new byte[size];
        _source.ReadExactly(body);
        _source.Skip(-size & (TarHeader.Length - 1));
        return body;
    }

    private static byte[] Ended(byte[] text)
    {
        int end = text.AsSpan().IndexOf((byte)0);
        return end < 0 ? text : text[..end];
    }

    private byte[] Checked(byte[] name, string what) =>
        name.Length > limits.NameLength ? throw new TarException($"a {what} has {name.Length} bytes, more than {limits.NameLength} are not taken")
        : name.AsSpan().Contains((byte)0) ? throw new TarException($"damaged archive: a {what} has a zero byte")
        : name;
}
