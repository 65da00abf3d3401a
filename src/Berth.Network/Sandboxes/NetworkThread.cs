using System.Collections.Concurrent;

using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Linux.Polling;
using Berth.Linux.Time;
using Berth.Network.Firewall;
using Berth.Network.Networks;
using Berth.Storage;

namespace Berth.Network.Sandboxes;

/// <summary>
/// The one thread that enters other network namespaces. It sleeps until somebody took a sandbox, a link went away or a deadline came; then it
/// makes what is missing. Nothing else in the daemon ever changes its namespace.
/// </summary>
internal sealed class NetworkThread : IDisposable
{
    private const int StackLength = 256 * 1024;
    private const int Ignored = -1; // poll(2): a negative descriptor is passed over

    private readonly WakeEvent _wake = new();
    private readonly ConcurrentQueue<Action<HostSockets?>> _work = new();
    private readonly Action<string> _log;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _removed = [];
    private SandboxPool? _pool;
    private SandboxMaker? _maker;
    private BridgePlan? _plan;
    private BridgeSet? _bridges;
    private FirewallWatch? _watch;
    private HostWatch? _hostWatch;
    private EgressLog? _egress;
    private Action<HostSockets>? _atEnd;
    private volatile bool _stopping;
    private volatile bool _stopped;

    public NetworkThread(NetworkOptions options)
    {
        _log = options.Log;
        _thread = new Thread(() => Run(options), StackLength) { IsBackground = true, Name = "network" };
        _thread.Start();
    }

    /// <summary>Done when the sockets are open, or failed to.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Makes the thread look around.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Runs something on the thread between two sandboxes.</summary>
    /// <exception cref="EngineException">Unavailable: the daemon is shutting down.</exception>
    public Task<T> RunAsync<T>(Func<HostSockets, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Enqueue(sockets =>
        {
            try
            {
                done.SetResult(work(sockets ?? throw EngineException.Unavailable("the daemon is shutting down")));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        if (_stopped)
        {
            Refuse();
        }
        else
        {
            _wake.Set();
        }

        return done.Task;
    }

    public Task RunAsync(Action<HostSockets> work) => RunAsync(sockets =>
    {
        work(sockets);
        return true;
    });

    /// <summary>From now on the pool is kept filled and the firewall as it was written. Called on the thread.</summary>
    public void Serve(SandboxPool pool, SandboxMaker maker, BridgePlan plan, BridgeSet bridges, FirewallWatch watch, HostWatch hostWatch, EgressLog? egress)
    {
        (_watch, _hostWatch, _egress) = (watch, hostWatch, egress);
        _bridges = bridges;
        _pool = pool;
        _maker = maker;
        _plan = plan;
    }

    /// <summary>The last thing the thread does, when nothing is looked after any more.</summary>
    public void AtEnd(Action<HostSockets> work) => _atEnd = work;

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private void Run(NetworkOptions options)
    {
        HostSockets sockets;
        try
        {
            sockets = HostSockets.Open(options.HostNamespace, options.BridgeName);
        }
        catch (Exception e)
        {
            _opened.SetException(e);
            return;
        }

        using (sockets)
        {
            _opened.SetResult();
            while (!_stopping)
            {
                Wait(sockets);
                while (_work.TryDequeue(out Action<HostSockets?>? work))
                {
                    work(sockets);
                }

                if (_pool is not null)
                {
                    Upkeep(sockets, _pool);
                }
            }

            foreach (PreparedSandbox sandbox in _pool?.Stop() ?? [])
            {
                sandbox.Namespace.Dispose();
            }

            _atEnd?.Invoke(sockets);
        }

        _stopped = true;
        Refuse();
    }

    private void Refuse()
    {
        while (_work.TryDequeue(out Action<HostSockets?>? work))
        {
            work(null);
        }
    }

    private void Wait(HostSockets sockets)
    {
        Span<PollItem> items =
        [
            new() { Number = _wake.Number, Wanted = PollEvents.Readable },
            new() { Number = sockets.Removals.Number, Wanted = PollEvents.Readable },
            new() { Number = _watch is { Listens: true } ? sockets.FirewallChanges.Number : Ignored, Wanted = PollEvents.Readable },
            new() { Number = _egress?.Number ?? Ignored, Wanted = PollEvents.Readable },
            new() { Number = _hostWatch is { Listens: true } ? sockets.Losses.Number : Ignored, Wanted = PollEvents.Readable },
        ];
        Poll.Wait(items, _work.IsEmpty ? Timeout(MonotonicClock.Milliseconds) : 0);
        _wake.Reset();
        if (items[2].Found != PollEvents.None)
        {
            _watch!.Heard(MonotonicClock.Milliseconds);
        }

        if (items[3].Found != PollEvents.None)
        {
            _egress!.Read();
        }

        if (items[4].Found != PollEvents.None)
        {
            _hostWatch!.Heard(MonotonicClock.Milliseconds);
        }
    }

    private int Timeout(long now)
    {
        // -1 is for ever: as unsigned numbers it is the largest.
        uint pool = (uint)(_pool?.Timeout(now) ?? -1), watch = (uint)(_watch?.Timeout(now) ?? -1), host = (uint)(_hostWatch?.Timeout(now) ?? -1);
        return (int)Math.Min(pool, Math.Min(watch, host));
    }

    private void Upkeep(HostSockets sockets, SandboxPool pool)
    {
        try
        {
            _watch!.Act(MonotonicClock.Milliseconds);
            Hear(sockets, pool);
            _hostWatch!.Act(MonotonicClock.Milliseconds); // bridges that were removed stand again by now
            long now = MonotonicClock.Milliseconds;
            RemoveOverdue(sockets, pool, now);
            foreach (PreparedSandbox sandbox in pool.Surplus(now))
            {
                Drop(pool, sandbox);
            }

            while (!_stopping && _work.IsEmpty && pool.NextOrder(MonotonicClock.Milliseconds) is { } order)
            {
                Make(pool, order);
                Hear(sockets, pool);
            }
        }
        catch (Exception e) when (e is LinuxException or EngineException)
        {
            _log($"network upkeep: {e.Message}");
        }
    }

    private void Make(SandboxPool pool, SandboxOrder order)
    {
        try
        {
            pool.Made(order, order.Place is { } place ? MakeBridged(place) : _maker!.MakeIsolated());
        }
        catch (Exception e)
        {
            bool full = e is LinuxException { Errno: Errno.EXFULL };
            Exception reason = full
                ? EngineException.Unavailable($"network bridge is full: {_plan!.Name} has all the 1023 ports a bridge can have; remove containers, or use --network none or host", e)
                : EngineException.Internal($"the network sandbox could not be made: {e.Message}", e);
            pool.Failed(order, reason, full);
            if (order.Waiter is null && !full)
            {
                _log(reason.Message);
            }
        }
    }

    private PreparedSandbox MakeBridged(BridgePlace place)
    {
        try
        {
            return _maker!.MakeBridged(place);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENODEV or Errno.EINVAL)
        {
            // Somebody removed the bridge a moment ago, and its notification has not been read yet.
            _maker!.EnsureBridge();
            return _maker.MakeBridged(place);
        }
    }

    private void Hear(HostSockets sockets, SandboxPool pool)
    {
        _removed.Clear();
        if (!sockets.Removals.Read(_removed))
        {
            HashSet<string> existing = [.. sockets.Routes.Links().Select(link => link.Name)];
            _removed.AddRange(pool.Missing(existing));
            _removed.AddRange(_bridges!.Names.Concat(_bridges.IsolatedPorts).Except(existing));
        }

        _bridges!.Forget(_removed);
        foreach (string name in _removed)
        {
            sockets.Remover.Removed(name);
            if (_bridges!.Knows(name))
            {
                _bridges.Restore(name);
                if (name == _plan!.Name)
                {
                    _maker!.EnsureBridge();
                }
            }
            else if (pool.Removed(name) is { } broken)
            {
                broken.Namespace.Dispose();
            }
        }
    }

    // Also the way out should a notification ever be lost: what was removed here is gone, whether it is heard of or not.
    private static void RemoveOverdue(HostSockets sockets, SandboxPool pool, long now)
    {
        List<string> overdue = pool.Overdue(now);
        HostBridge.RemoveLinks(sockets.Routes, overdue);
        foreach (string name in overdue)
        {
            pool.Removed(name);
        }
    }

    private static void Drop(SandboxPool pool, PreparedSandbox sandbox)
    {
        sandbox.Namespace.Dispose();
        if (sandbox.Place is { } place)
        {
            pool.Release(place.HostInterface);
        }
    }
}
