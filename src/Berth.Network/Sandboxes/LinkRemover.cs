using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Network.Networks;
using Berth.Storage;

namespace Berth.Network.Sandboxes;

/// <summary>
/// Takes veth pairs off the host, beside the network thread. An interface is gone for everybody in a millisecond or two, and the kernel says so;
/// but the call that removed it comes back some 20 ms later (rcu_barrier of netdev_run_todo in net/core/dev.c). Nobody waits for that here: not
/// who asked, and not the next container's link. What is asked for meanwhile goes at one go. Safe for concurrent use.
/// </summary>
/// <param name="routes">A socket of the host's namespace. Owned.</param>
internal sealed class LinkRemover(NetlinkSocket routes) : IDisposable
{
    private const int StackLength = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private List<string> _asked = [];
    private Thread? _worker;
    private bool _closed;

    /// <summary>Done when the interface is gone; at once for one that is not there.</summary>
    /// <exception cref="LinuxException">Why the kernel refused.</exception>
    /// <exception cref="EngineException">Unavailable: the daemon is shutting down.</exception>
    public Task RemoveAsync(string name)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw EngineException.Unavailable("the daemon is shutting down");
            }

            if (_waiting.TryGetValue(name, out TaskCompletionSource? asked))
            {
                return asked.Task;
            }

            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(name, gone);
            _asked.Add(name);
            if (_worker is null)
            {
                // A thread of its own: the pool has few, and this one sits in the kernel.
                _worker = new Thread(Work, StackLength) { IsBackground = true, Name = "links" };
                _worker.Start();
            }

            return gone.Task;
        }
    }

    /// <summary>The kernel says that an interface is gone; one that nobody asked for is no matter.</summary>
    public void Removed(string name) => Take(name)?.TrySetResult();

    /// <summary>Removes what was asked for and lets no more in.</summary>
    public void Dispose()
    {
        Thread? worker;
        lock (_gate)
        {
            _closed = true;
            worker = _worker;
        }

        worker?.Join();
        routes.Dispose();
    }

    private void Work()
    {
        while (Next() is { } names)
        {
            try
            {
                HostBridge.RemoveLinks(routes, names);
                names.ForEach(Removed);
            }
            catch (Exception e)
            {
                names.ForEach(name => Take(name)?.TrySetException(e));
            }
        }
    }

    private List<string>? Next()
    {
        lock (_gate)
        {
            List<string> names = _asked;
            _asked = [];
            if (names.Count > 0)
            {
                return names;
            }

            _worker = null;
            return null;
        }
    }

    private TaskCompletionSource? Take(string name)
    {
        lock (_gate)
        {
            return _waiting.Remove(name, out TaskCompletionSource? asked) ? asked : null;
        }
    }
}
