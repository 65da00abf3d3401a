using System.Diagnostics;

namespace Berth.Images.Pull;

/// <summary>Tells of one layer. Bars move ten times a second at most, and only forward, unless it begins anew; bytes may be reported from several threads.</summary>
internal sealed class LayerProgress(string id, long size, IProgress<PullStep> to) : IProgress<long>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private long _told;
    private long _highest;
    private bool _isThere;

    public void Say(string status) => to.Report(new PullStep(id, status));

    /// <summary>Bytes that were received, in all.</summary>
    public void Report(long value)
    {
        lock (_lock)
        {
            if (!_isThere && value > _highest)
            {
                _highest = value;
                Tell("Downloading", value);
            }
        }
    }

    /// <summary>What was received was wrong: from the first byte on again.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            (_highest, _told) = (0, 0);
        }
    }

    /// <summary>All of it is there and is what it should be; from now on unpacking shows.</summary>
    public void Complete(bool wasFetched)
    {
        lock (_lock)
        {
            _isThere = true;
            _told = 0;
            if (wasFetched)
            {
                Say("Verifying Checksum");
            }

            Say("Download complete");
        }
    }

    /// <summary>Bytes of it that were unpacked.</summary>
    public void Extracted(long value)
    {
        lock (_lock)
        {
            if (_isThere)
            {
                Tell("Extracting", value);
            }
        }
    }

    private void Tell(string status, long value)
    {
        if (_told == 0 || value == size || Stopwatch.GetElapsedTime(_told) > Pause)
        {
            _told = Stopwatch.GetTimestamp();
            to.Report(new PullStep(id, status, value, size));
        }
    }
}
