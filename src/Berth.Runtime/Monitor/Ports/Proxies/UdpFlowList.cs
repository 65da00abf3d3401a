namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>All UDP clients of the container, in the order in which they were last heard: the oldest goes first.</summary>
internal sealed class UdpFlowList
{
    /// <summary>As long as Docker's proxy keeps a silent client (UDPConnTrackTimeout of moby's cmd/docker-proxy).</summary>
    public const int IdleMilliseconds = 90_000;

    private UdpFlow? _oldest;
    private UdpFlow? _youngest;
    private int _count;

    public int Most { get; set; } = 1;

    public bool IsFull => _count >= Most;

    public UdpFlow? Oldest => _oldest;

    /// <summary>When the next one is to be dropped.</summary>
    public long Deadline => _oldest is null ? long.MaxValue : _oldest.LastUsed + IdleMilliseconds;

    public void Add(UdpFlow flow, long now)
    {
        _count++;
        flow.LastUsed = now;
        Append(flow);
    }

    public void Used(UdpFlow flow, long now)
    {
        flow.LastUsed = now;
        if (flow != _youngest)
        {
            Unlink(flow);
            Append(flow);
        }
    }

    public void Remove(UdpFlow flow)
    {
        _count--;
        Unlink(flow);
    }

    /// <summary>One that was silent for too long; it is still in the list until it is removed.</summary>
    public UdpFlow? TakeExpired(long now) => Deadline <= now ? _oldest : null;

    private void Append(UdpFlow flow)
    {
        flow.Older = _youngest;
        flow.Younger = null;
        _oldest ??= flow;
        if (_youngest is not null)
        {
            _youngest.Younger = flow;
        }

        _youngest = flow;
    }

    private void Unlink(UdpFlow flow)
    {
        if (flow.Older is null)
        {
            _oldest = flow.Younger;
        }
        else
        {
            flow.Older.Younger = flow.Younger;
        }

        if (flow.Younger is null)
        {
            _youngest = flow.Older;
        }
        else
        {
            flow.Younger.Older = flow.Older;
        }
    }
}
