namespace Berth.Network.Dns.Serving;

/// <summary>Connections under way, up to a limit. Safe for concurrent use.</summary>
internal sealed class ConnectionCount(int most)
{
    private int _count;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= most)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);
}
