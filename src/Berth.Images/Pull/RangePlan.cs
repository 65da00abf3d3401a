using Berth.Storage.Content.Partials;

namespace Berth.Images.Pull;

/// <summary>Into which ranges what is missing of a blob is cut, to be fetched side by side.</summary>
internal static class RangePlan
{
    /// <summary>Smaller pieces are not worth a connection; bytes.</summary>
    public const long Least = 16L << 20;

    /// <summary>Connections for one blob.</summary>
    public const int Most = 4;

    /// <summary>In order, covering exactly what is missing. The first bytes come first, as whoever unpacks waits for them.</summary>
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
