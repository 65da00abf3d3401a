using Berth.Storage.Content.Partials;

using CsCheck;

namespace Berth.Storage.Tests.Content.Partials;

public sealed class ByteRangesTests
{
    private const int Length = 40;

    private static readonly Gen<(bool Adds, ByteRange Range)> Step =
        Gen.Select(Gen.Bool, Gen.Int[0, Length], Gen.Int[0, Length], (adds, a, b) => (adds, new ByteRange(Math.Min(a, b), Math.Max(a, b))));

    /// <summary>After any additions and removals it holds just the bytes that a plain array of flags holds.</summary>
    [Fact]
    public void ItHoldsWhatAnArrayOfFlagsHolds() =>
        Step.Array[0, 20].Sample(steps =>
        {
            var ranges = new ByteRanges();
            bool[] flags = new bool[Length];
            foreach ((bool adds, ByteRange range) in steps)
            {
                if (adds)
                {
                    ranges.Add(range);
                }
                else
                {
                    ranges.Remove(range);
                }

                flags.AsSpan((int)range.Start, (int)range.Length).Fill(adds);
            }

            Assert.Equal(flags, Flags(ranges.All));
            Assert.Equal(flags.Count(f => f), ranges.Total);
            Assert.Equal(flags.TakeWhile(f => f).Count(), ranges.Head);
            Assert.Equal(flags.Select(f => !f), Flags(ranges.Gaps(new ByteRange(0, Length))));
            Assert.All(ranges.All.Zip(ranges.All.Skip(1)), p => Assert.True(p.First.End < p.Second.Start));
        });

    [Fact]
    public void GapsStayWithinWhatIsAskedFor()
    {
        var ranges = new ByteRanges([new ByteRange(10, 20), new ByteRange(30, 40)]);
        Assert.Equal([new ByteRange(20, 30)], ranges.Gaps(new ByteRange(15, 35)));
        Assert.Equal([new ByteRange(5, 10), new ByteRange(20, 25)], ranges.Gaps(new ByteRange(5, 25)));
        Assert.Empty(ranges.Gaps(new ByteRange(12, 18)));
    }

    private static bool[] Flags(IEnumerable<ByteRange> ranges)
    {
        bool[] flags = new bool[Length];
        foreach (ByteRange range in ranges)
        {
            flags.AsSpan((int)range.Start, (int)range.Length).Fill(true);
        }

        return flags;
    }
}
