using Berth.Images.Pull;
using Berth.Storage.Content.Partials;

using CsCheck;

namespace Berth.Images.Tests.Pull;

public sealed class RangePlanTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void ASmallBlobIsOnePiece() => Assert.Equal([new ByteRange(0, 20 * MiB)], RangePlan.Cut([new ByteRange(0, 20 * MiB)]));

    [Fact]
    public void ALargeOneComesInPiecesThatFollowEachOther() =>
        Assert.Equal([new(0, 16 * MiB), new(16 * MiB, 32 * MiB), new(32 * MiB, 62 * MiB)], RangePlan.Cut([new ByteRange(0, 62 * MiB)]));

    [Fact]
    public void AVeryLargeOneComesInLongerPieces() =>
        Assert.Equal(RangePlan.Most, RangePlan.Cut([new ByteRange(0, 6400 * MiB)]).Count);

    [Fact]
    public void ThePiecesAreWhatIsMissing() => Gen.Select(Gen.Long[0, 100 * MiB], Gen.Long[1, 500 * MiB]).Array[0, 6].Sample(gaps =>
    {
        long at = 0;
        List<ByteRange> missing = [.. gaps.Select(gap =>
        {
            var range = new ByteRange(at + gap.Item1, at + gap.Item1 + gap.Item2);
            at = range.End + 1;
            return range;
        })];
        IReadOnlyList<ByteRange> pieces = RangePlan.Cut(missing);
        var joined = new ByteRanges(pieces);
        return pieces.Sum(static p => p.Length) == missing.Sum(static m => m.Length) && joined.All.SequenceEqual(new ByteRanges(missing).All)
            && pieces.All(static p => p.Length > 0) && pieces.Count <= missing.Count + RangePlan.Most;
    });
}
