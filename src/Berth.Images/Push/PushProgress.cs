using System.Diagnostics;

namespace Berth.Images.Push;

/// <summary>Tells of one layer. Bars move ten times a second at most, and only forward.</summary>
internal sealed class PushProgress(string id, IProgress<PushStep> to)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private long _told;
    private long _highest;

    public void Say(string status) => to.Report(new PushStep(id, status));

    /// <summary>Bytes that went out, in all.</summary>
    public void Sent(long value, long size)
    {
        lock (_lock)
        {
            if (value > _highest && (_told == 0 || value == size || Stopwatch.GetElapsedTime(_told) > Pause))
            {
                (_highest, _told) = (value, Stopwatch.GetTimestamp());
                to.Report(new PushStep(id, "Pushing", value, size));
            }
        }
    }
}
