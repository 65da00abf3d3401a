using System.Buffers.Text;
using System.Text;

namespace Berth.Storage.Tar;

/// <summary>The maps of sparse files, in the four forms that GNU tar writes (GNU tar manual, "Sparse Formats").</summary>
internal static class TarSparse
{
    /// <summary>The map and the file's whole length; no map for an ordinary file.</summary>
    public static (IReadOnlyList<TarSparsePiece>? Pieces, long Size) Read(TarHeader header, PaxRecords pax, TarReader reader, long stored, TarLimits limits)
    {
        if (header.TypeFlag == (byte)'S')
        {
            return Checked(Old(header, reader, limits), header.GnuRealSize, stored);
        }

        if (pax.Number("GNU.sparse.major") == 1 && pax.Number("GNU.sparse.minor") == 0)
        {
            long before = stored;
            IReadOnlyList<TarSparsePiece> map = InData(reader, ref before, limits);
            return Checked(map, pax.Number("GNU.sparse.realsize") ?? throw new TarException("damaged archive: a sparse file has no size"), before);
        }

        long? size = pax.Number("GNU.sparse.size") ?? pax.Number("GNU.sparse.realsize");
        if (pax["GNU.sparse.map"] is { } list)
        {
            return Checked(InHeader(list), size ?? stored, stored);
        }

        return pax.SparsePairs.Count > 0 ? Checked(pax.SparsePairs, size ?? stored, stored) : (null, stored);
    }

    private static List<TarSparsePiece> Old(TarHeader header, TarReader reader, TarLimits limits)
    {
        var pieces = new List<TarSparsePiece>();
        AddOld(header.GnuSparse, pieces);
        bool more = header.GnuSparseContinues;
        while (more)
        {
            byte[] block = reader.ReadMapBlock(countsAsData: false);
            AddOld(block.AsSpan(0, 21 * 24), pieces);
            more = block[504] != 0;
            CheckCount(pieces.Count, limits);
        }

        return pieces;
    }

    private static void AddOld(ReadOnlySpan<byte> fields, List<TarSparsePiece> pieces)
    {
        for (; fields.Length >= 24 && fields[0] != 0; fields = fields[24..])
        {
            pieces.Add(new TarSparsePiece(TarHeader.Number(fields[..12], "sparse offset"), TarHeader.Number(fields[12..24], "sparse length")));
        }
    }

    // 0.1: "offset,length,offset,length…".
    private static List<TarSparsePiece> InHeader(ReadOnlySpan<byte> list)
    {
        var numbers = new List<long>();
        foreach (Range part in list.Split((byte)','))
        {
            numbers.Add(Decimal(list[part]));
        }

        if (numbers.Count % 2 != 0)
        {
            throw new TarException("damaged archive: a sparse map has an odd count of numbers");
        }

        return [.. numbers.Chunk(2).Select(p => new TarSparsePiece(p[0], p[1]))];
    }

    // 1.0: decimal lines before the data, the count first, padded to a whole block.
    private static List<TarSparsePiece> InData(TarReader reader, ref long stored, TarLimits limits)
    {
        var numbers = new List<long>();
        var line = new List<byte>();
        long wanted = 1;
        while (numbers.Count < wanted)
        {
            byte[] block = reader.ReadMapBlock(countsAsData: true);
            stored -= block.Length;
            foreach (byte b in block)
            {
                if (numbers.Count == wanted)
                {
                    break; // padding
                }

                if (b != '\n')
                {
                    line.Add(b);
                    continue;
                }

                numbers.Add(Decimal(line.ToArray()));
                line.Clear();
                if (numbers.Count == 1)
                {
                    CheckCount(numbers[0], limits);
                    wanted = 1 + (2 * numbers[0]);
                }
            }

            if (line.Count > 20)
            {
                throw new TarException("damaged archive: a sparse map's line is no number");
            }
        }

        return [.. numbers.Skip(1).Chunk(2).Select(p => new TarSparsePiece(p[0], p[1]))];
    }

    private static long Decimal(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length && number >= 0
            ? number : throw new TarException($"damaged archive: \"{Encoding.UTF8.GetString(text)}\" in a sparse map is not a number");

    private static void CheckCount(long count, TarLimits limits)
    {
        if (count < 0 || count > limits.SparsePieces)
        {
            throw new TarException($"a sparse file has more than {limits.SparsePieces} pieces");
        }
    }

    // In order, without overlap, inside the file, and together exactly what is stored.
    private static (IReadOnlyList<TarSparsePiece> Pieces, long Size) Checked(IReadOnlyList<TarSparsePiece> pieces, long size, long stored)
    {
        if (size < 0)
        {
            throw new TarException("damaged archive: a sparse file has a negative size");
        }

        long end = 0, sum = 0;
        foreach (TarSparsePiece piece in pieces)
        {
            if (piece.Offset < end || piece.Length < 0 || piece.Offset > size || piece.Length > size - piece.Offset)
            {
                throw new TarException("damaged archive: a sparse map's pieces overlap or leave the file");
            }

            end = piece.Offset + piece.Length;
            sum += piece.Length;
        }

        return sum == stored ? (pieces, size) : throw new TarException("damaged archive: a sparse map does not fit the bytes that are stored");
    }
}
