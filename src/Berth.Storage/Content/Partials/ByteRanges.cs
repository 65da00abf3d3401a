namespace Berth.Storage.Content.Partials;

/// <summary>A set of bytes, kept as ranges that are in order and do not touch. Not for several threads.</summary>
internal sealed class ByteRanges
{
    private readonly List<ByteRange> _ranges = [];

    public ByteRanges()
    {
    }

    public ByteRanges(IEnumerable<ByteRange> ranges)
    {
        foreach (ByteRange range in ranges)
        {
            Add(range);
        }
    }

    public IReadOnlyList<ByteRange> All => _ranges;

    /// <summary>How many bytes are in it.</summary>
    public long Total { get; private set; }

    /// <summary>How many there are from the very first on without a gap.</summary>
    public long Head => _ranges.Count > 0 && _ranges[0].Start == 0 ? _ranges[0].End : 0;

    public void Add(ByteRange range)
    {
        if (range.Length <= 0)
        {
            return;
        }

        // The ranges that it touches become one with it.
        int first = FirstEndingAt(range.Start);
        int after = first;
        (long start, long end) = (range.Start, range.End);
        while (after < _ranges.Count && _ranges[after].Start <= range.End)
        {
            start = Math.Min(start, _ranges[after].Start);
            end = Math.Max(end, _ranges[after].End);
            Total -= _ranges[after].Length;
            after++;
        }

        _ranges.RemoveRange(first, after - first);
        _ranges.Insert(first, new ByteRange(start, end));
        Total += end - start;
    }

    public void Remove(ByteRange range)
    {
        if (range.Length <= 0)
        {
            return;
        }

        int i = FirstEndingAt(range.Start);
        while (i < _ranges.Count && _ranges[i].Start < range.End)
        {
            ByteRange cut = _ranges[i];
            _ranges.RemoveAt(i);
            Total -= cut.Length;
            i = Keep(i, new ByteRange(cut.Start, Math.Min(cut.End, range.Start)));
            i = Keep(i, new ByteRange(Math.Max(cut.Start, range.End), cut.End));
        }
    }

    /// <summary>What of a range is not in the set, in order.</summary>
    public List<ByteRange> Gaps(ByteRange within)
    {
        var gaps = new List<ByteRange>();
        long at = within.Start;
        for (int i = FirstEndingAt(within.Start); i < _ranges.Count && _ranges[i].Start < within.End; i++)
        {
            if (_ranges[i].Start > at)
            {
                gaps.Add(new ByteRange(at, _ranges[i].Start));
            }

            at = Math.Max(at, _ranges[i].End);
        }

        if (at < within.End)
        {
            gaps.Add(new ByteRange(at, within.End));
        }

        return gaps;
    }

    private int Keep(int index, ByteRange rest)
    {
        if (rest.Length <= 0)
        {
            return index;
        }

        _ranges.Insert(index, rest);
        Total += rest.Length;
        return index + 1;
    }

    // There are as many ranges as connections at most, or what is left of as many.
    private int FirstEndingAt(long position)
    {
        int i = 0;
        while (i < _ranges.Count && _ranges[i].End < position)
        {
            i++;
        }

        return i;
    }
}
