using Berth.Linux.Files;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>Pipes for bytes that are under way. An idle connection has none: one that all take turns with is enough as long as readers keep up.</summary>
internal sealed class PipePool
{
    /// <summary>As much as a pipe may hold without privileges (fs.pipe-max-size); memory it takes only for what is in it.</summary>
    private const int PipeSize = 1024 * 1024;

    /// <summary>What each may take while many wait for slow readers: together they would hold gigabytes.</summary>
    private const int SmallShare = 64 * 1024;

    private const int MostWithLargeShare = 64;

    private const int MostKept = 8;

    private readonly Stack<SplicePipe> _empty = new();

    private int _taken;

    /// <summary>The most that is to be put into a pipe now.</summary>
    public int Share => _taken > MostWithLargeShare ? SmallShare : PipeSize;

    /// <summary>Null when no more can be had.</summary>
    public SplicePipe? TryTake()
    {
        SplicePipe? pipe = _empty.TryPop(out SplicePipe? kept) ? kept : SplicePipe.TryCreate(PipeSize);
        _taken += pipe is null ? 0 : 1;
        return pipe;
    }

    /// <summary>Takes a pipe back. One that still holds something is closed, so that nobody else's bytes ever follow it.</summary>
    public void Give(SplicePipe pipe)
    {
        _taken--;
        if (pipe.Held == 0 && _empty.Count < MostKept)
        {
            _empty.Push(pipe);
        }
        else
        {
            pipe.Dispose();
        }
    }

    /// <summary>Closes those that nobody uses.</summary>
    public void Release()
    {
        while (_empty.TryPop(out SplicePipe? pipe))
        {
            pipe.Dispose();
        }
    }
}
