using Berth.Linux.Files;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>Pipes for bytes that are under way. An idle connection has none: one that all take turns with is enough as long as readers keep up.</summary>
internal sealed class PipePool
{
    /// <summary>As much as a pipe may hold without privileges (fs.pipe-max-size); memory it takes only for what is in it.</summary>
    public const int PipeSize = 1024 * 1024;

    private const int MostKept = 8;

    private readonly Stack<SplicePipe> _empty = new();

    /// <summary>Null when no more can be had.</summary>
    public SplicePipe? TryTake() => _empty.TryPop(out SplicePipe? pipe) ? pipe : SplicePipe.TryCreate(PipeSize);

    /// <summary>Takes a pipe back. One that still holds something is closed, so that nobody else's bytes ever follow it.</summary>
    public void Give(SplicePipe pipe)
    {
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
