using Berth.Storage.Content.Partials;

namespace Berth.Images.Pull;

/// <summary>Into which ranges what is missing of a blob is cut, to be fetched side by side.</summary>
internal static class RangePlan
{
    /// <summary>Smaller pieces are not worth a connection; bytes.</summary>
    public const long Least = 16L << 20;

    /// <summary>Connections for one blob.</summary>
    public const int Connections = 4;

    /// <summary>Requests for one blob, about.</summary>
    public const int Most = 64;

    /// <summary>
    /// In order, covering exactly what is missing. Many more pieces than connections, which take them in order: whoever unpacks waits for the
    /// first bytes, and with one long piece a connection those would come at a fraction of the speed.
    /// </summary>
    public static IReadOnlyList<ByteRange> Cut(IReadOnlyList<ByteRange> missing)
    {
        long all = missing.Sum(static r => r.Length);
        long length = Math.Max(Least, (all + Most - 1) / Most);
        var pieces = new List<ByteRange>();
        foreach (ByteRange range in missing)
        {
            for (long start = range.Start; start < range.End;)
            {
                // What would be left is smaller than a piece: it goes with this one.
                long end = range.End - start < length + Least ? range.End : start + length;
                pieces.Add(new ByteRange(start, end));
                start = end;
            }
        }

        return pieces;
    }
}
