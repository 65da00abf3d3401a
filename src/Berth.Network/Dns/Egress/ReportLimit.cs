namespace Berth.Network.Dns.Egress;

/// <summary>Lets a few reports through at once and then one each second: a container that asks in a loop must not fill the log. Safe for concurrent use.</summary>
internal sealed class ReportLimit
{
    private const int AtOnce = 10;
    private static readonly long Each = TimeSpan.TicksPerSecond;

    private readonly Lock _counting = new();
    private long _paidUntil = long.MinValue;
    private int _held;

    /// <param name="now">Ticks of any steady clock.</param>
    /// <param name="held">How many were held back since the last that passed.</param>
    public bool Passes(long now, out int held)
    {
        lock (_counting)
        {
            held = _held;
            long paid = Math.Max(_paidUntil, now - (AtOnce * Each)) + Each;
            if (paid > now)
            {
                _held++;
                return false;
            }

            (_paidUntil, _held) = (paid, 0);
            return true;
        }
    }
}
