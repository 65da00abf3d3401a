namespace Berth.Storage.Content.Partials;

/// <summary>Some bytes of a blob.</summary>
/// <param name="Start">The first.</param>
/// <param name="End">The first one behind them.</param>
public readonly record struct ByteRange(long Start, long End)
{
    public long Length => End - Start;

    public override string ToString() => $"{Start}-{End}";
}
