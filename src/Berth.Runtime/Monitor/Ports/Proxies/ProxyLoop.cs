using Berth.Linux.Files;
using Berth.Linux.Memory;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;
using Berth.Linux.Time;
using Berth.Runtime.Monitor.Loop;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>
/// All proxies of the container as one source of the monitor's loop: an epoll descriptor, so that thousands of silent connections cost
/// nothing per turn, and a queue of those that one turn was too short for.
/// </summary>
internal sealed class ProxyLoop(PageBuffer scratch, ulong openFiles) : LoopSource
{
    private const int MostEvents = 64;

    /// <summary>How long accepting pauses when no descriptor or memory could be had and no connection of ours ends meanwhile.</summary>
    private const int PauseMilliseconds = 1000;

    private readonly EventPoll _poll = new();
    private readonly List<ProxySource?> _sources = [];
    private readonly Stack<int> _free = new();
    private readonly List<int> _ended = [];
    private readonly Queue<ProxySource> _queue = new();
    private readonly List<TcpProxy> _listeners = [];
    private EphemeralPorts? _ephemeral;
    private ProxyLimits _limits;
    private int _connections;
    private long _resumeAt = long.MaxValue;
    private bool _paused;

    public PipePool Pipes { get; } = new();

    /// <summary>For datagrams, within one call.</summary>
    public PageBuffer Scratch => scratch;

    public UdpFlowList Flows { get; } = new();

    /// <summary>As they were when they were first asked for.</summary>
    public EphemeralPorts EphemeralPorts => _ephemeral ??= EphemeralPorts.Current();

    /// <summary>Milliseconds of the monotonic clock when the present turn began.</summary>
    public long Now { get; private set; } = MonotonicClock.Milliseconds;

    public bool HasRoom => _connections < _limits.Connections;

    public override int Descriptor => _poll.Descriptor.Number;

    public override PollEvents Wanted => PollEvents.Readable;

    public override long Deadline => _queue.Count > 0 ? 0 : Math.Min(_resumeAt, Flows.Deadline);

    public override void Ready(PollEvents events) => Turn();

    public override void Expired() => Turn();

    public override void Release() => Pipes.Release();

    /// <summary>How many descriptors the published ports take.</summary>
    public void PortsAre(int count)
    {
        _limits = ProxyLimits.Of(openFiles, count);
        Flows.Most = _limits.Flows;
    }

    /// <summary>Begins to wait for a descriptor. 0, or the negative errno; then the source has to be ended.</summary>
    public int Watch(ProxySource source, int side, FileDescriptor descriptor, WatchedEvents wanted)
    {
        if (source.Slot < 0)
        {
            source.Slot = _free.TryPop(out int free) ? free : _sources.Count;
            if (source.Slot == _sources.Count)
            {
                _sources.Add(null);
            }

            _sources[source.Slot] = source;
        }

        return _poll.Add(descriptor, wanted, Token(source, side));
    }

    public void Unwatch(FileDescriptor descriptor) => _poll.Remove(descriptor);

    /// <summary>Gives a source a turn when the others had theirs.</summary>
    public void Enqueue(ProxySource source)
    {
        if (!source.Queued && !source.Ended)
        {
            source.Queued = true;
            _queue.Enqueue(source);
        }
    }

    /// <summary>Closes a source. Its place is free only after this turn: events for it may be among those that were taken already.</summary>
    public void End(ProxySource source)
    {
        if (source.Ended)
        {
            return;
        }

        source.Ended = true;
        source.Close();
        if (source.Slot >= 0)
        {
            _sources[source.Slot] = null;
            _ended.Add(source.Slot);
        }
    }

    public void Listens(TcpProxy proxy)
    {
        _listeners.Add(proxy);
        if (_paused)
        {
            proxy.Listen(false);
        }
    }

    public void ListensNoMore(TcpProxy proxy) => _listeners.Remove(proxy);

    public void ConnectionBegan() => _connections++;

    public void ConnectionEnded()
    {
        _connections--;
        if (_paused && _connections <= _limits.Connections - 1 - (_limits.Connections / 16)) // not for each: all listeners are told
        {
            Pause(false);
        }
    }

    /// <summary>Leaves clients waiting in the listeners' queues until a connection ends.</summary>
    /// <param name="failed">It is not for the number of connections: tried again after a while in any case.</param>
    public void PauseAccepting(bool failed)
    {
        _resumeAt = failed ? Now + PauseMilliseconds : long.MaxValue;
        Pause(true);
    }

    /// <summary>The container has ended.</summary>
    public void EndAll()
    {
        for (int i = 0; i < _sources.Count; i++)
        {
            if (_sources[i] is { } source)
            {
                (source as TcpConnection)?.PassOnRest();
                End(source);
            }
        }

        Ended = true;
    }

    public override void Close()
    {
        EndAll();
        Pipes.Release();
        _poll.Dispose();
    }

    public void Rewatch(ProxySource source, FileDescriptor descriptor, WatchedEvents wanted) => _poll.Change(descriptor, wanted, Token(source, 0));

    private static ulong Token(ProxySource source, int side) => ((ulong)source.Slot << 1) | (uint)side;

    private void Turn()
    {
        Now = MonotonicClock.Milliseconds;
        if (Ended)
        {
            return;
        }

        Span<WatchedEvent> events = stackalloc WatchedEvent[MostEvents];
        foreach (WatchedEvent e in events[.._poll.Take(events)])
        {
            _sources[(int)(e.Token >> 1)]?.Ready((int)(e.Token & 1), e.Found);
        }

        for (int i = _queue.Count; i > 0; i--)
        {
            ProxySource source = _queue.Dequeue();
            source.Queued = false;
            if (!source.Ended)
            {
                source.Work();
            }
        }

        while (Flows.TakeExpired(Now) is { } flow)
        {
            End(flow);
        }

        if (_resumeAt <= Now)
        {
            Pause(false);
        }

        foreach (int slot in _ended)
        {
            _free.Push(slot);
        }

        _ended.Clear();
    }

    private void Pause(bool pause)
    {
        _resumeAt = pause ? _resumeAt : long.MaxValue;
        if (_paused != pause)
        {
            _paused = pause;
            _listeners.ForEach(l => l.Listen(!pause));
        }
    }
}
