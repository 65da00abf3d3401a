namespace Berth.Network.Sandboxes;

/// <summary>
/// How many sandboxes to keep ready: few at rest, twice as many each time somebody had to wait, few again after a quiet while.
/// Pure state; not thread safe.
/// </summary>
internal sealed class PoolSize(int rest, int maximum, long quietMilliseconds)
{
    private int _grown; // 0: at rest
    private long _lastMiss = long.MinValue;

    public int Target => Math.Max(rest, _grown);

    /// <summary>When to look again whether it was quiet; null at rest.</summary>
    public long? NextChange => Target > rest ? _lastMiss + quietMilliseconds : null;

    /// <summary>Somebody found the pool empty. Those who wait together count once.</summary>
    public void Missed(long now, bool first)
    {
        _lastMiss = now;
        if (first && Target > 0)
        {
            _grown = Math.Min(maximum, Target * 2);
        }
    }

    /// <summary>Gives up what was grown when it was quiet.</summary>
    public void Settle(long now)
    {
        if (NextChange <= now)
        {
            _grown = 0;
        }
    }
}
