using Berth.Linux.Memory;
using Berth.Linux.Polling;
using Berth.Linux.Time;

namespace Berth.Runtime.Monitor.Loop;

/// <summary>The monitor's only loop: one thread, one poll(2), sources in the order they came.</summary>
internal sealed class MonitorLoop : IDisposable
{
    /// <summary>As long nothing happened before memory that a burst of output touched is given back.</summary>
    private const int QuietMilliseconds = 1000;

    private PollItem[] _items = new PollItem[8];
    private int _polled;
    private readonly List<LoopSource> _sources = [];
    private bool _stopped;

    /// <summary>Bytes on their way from one descriptor to others, within one call of <see cref="LoopSource.Ready"/>. A pipe holds as much.</summary>
    public PageBuffer Scratch { get; } = new(64 * 1024);

    /// <summary>Called after a burst of work, when nothing has happened for a while.</summary>
    public Action? Quiet { get; set; }

    public int Count => _sources.Count;

    public void Add(LoopSource source) => _sources.Add(source);

    /// <summary>Ends <see cref="Run"/> once no source is left that outlives this.</summary>
    public void Stop() => _stopped = true;

    public void Run()
    {
        bool busy = true;
        while (!_stopped || Outlived())
        {
            long deadline = Prepare();
            int ready = Poll.Wait(_items.AsSpan(0, _polled), Timeout(deadline, busy));
            if (ready > 0)
            {
                busy = true;
                Dispatch();
                _ = Expire(deadline); // whoever is never silent does not keep the others' times from coming
            }
            else if (busy && !Expire(deadline))
            {
                busy = false;
                ReleaseAll();
            }
            else if (!busy)
            {
                busy = Expire(deadline);
            }

            Sweep();
        }
    }

    public void Dispose()
    {
        foreach (LoopSource source in _sources)
        {
            source.Close();
        }

        _sources.Clear();
        Scratch.Dispose();
    }

    private long Prepare()
    {
        long deadline = long.MaxValue;
        _polled = _sources.Count;
        if (_items.Length < _polled)
        {
            _items = new PollItem[_polled * 2];
        }

        for (int i = 0; i < _polled; i++)
        {
            LoopSource source = _sources[i];
            _items[i] = new PollItem { Number = source.Descriptor, Wanted = source.Wanted };
            deadline = Math.Min(deadline, source.Deadline);
        }

        return deadline;
    }

    private static int Timeout(long deadline, bool busy)
    {
        long quiet = busy ? QuietMilliseconds : -1;
        if (deadline == long.MaxValue)
        {
            return (int)quiet;
        }

        long left = Math.Clamp(deadline - MonotonicClock.Milliseconds, 0, int.MaxValue);
        return (int)(busy ? Math.Min(left, quiet) : left);
    }

    private void Dispatch()
    {
        // Sources that are added meanwhile are behind the entries of this poll and get their turn in the next.
        for (int i = 0; i < _polled; i++)
        {
            PollEvents events = _items[i].Found;
            if (events != PollEvents.None && !_sources[i].Ended)
            {
                _sources[i].Ready(events);
            }
        }
    }

    private bool Expire(long deadline)
    {
        if (deadline == long.MaxValue || MonotonicClock.Milliseconds < deadline)
        {
            return false;
        }

        for (int i = 0, count = _sources.Count; i < count; i++)
        {
            if (_sources[i].Deadline <= MonotonicClock.Milliseconds)
            {
                _sources[i].Expired();
            }
        }

        return true;
    }

    private void ReleaseAll()
    {
        Scratch.Release();
        for (int i = 0; i < _sources.Count; i++)
        {
            _sources[i].Release();
        }

        Quiet?.Invoke();
    }

    private bool Outlived()
    {
        for (int i = 0; i < _sources.Count; i++)
        {
            if (_sources[i].OutlivesStop)
            {
                return true;
            }
        }

        return false;
    }

    private void Sweep()
    {
        int kept = 0;
        for (int i = 0; i < _sources.Count; i++)
        {
            LoopSource source = _sources[i];
            if (source.Ended)
            {
                source.Close();
            }
            else
            {
                _sources[kept++] = source;
            }
        }

        _sources.RemoveRange(kept, _sources.Count - kept);
    }
}
