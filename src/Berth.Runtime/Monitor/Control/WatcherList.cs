using Berth.Linux.Files;
using Berth.Oci.Monitor;
using Berth.Runtime.Monitor.Loop;
using Berth.Runtime.Monitor.Streams;

namespace Berth.Runtime.Monitor.Control;

/// <summary>All who are told events.</summary>
internal sealed class WatcherList(MonitorLoop loop)
{
    private readonly List<Watcher> _watchers = [];

    /// <param name="connection">Owned from now on; non-blocking.</param>
    /// <param name="outbound">Its way out.</param>
    public void Add(FileDescriptor connection, Outbound outbound)
    {
        var watcher = new Watcher(connection, outbound);
        _watchers.Add(watcher);
        loop.Add(watcher);
    }

    public void Tell(MonitorEvent happened)
    {
        byte[] frame = MonitorFrame.Of(MonitorWriter.Bytes(happened));
        for (int i = _watchers.Count - 1; i >= 0; i--)
        {
            if (_watchers[i].Ended)
            {
                _watchers.RemoveAt(i);
            }
            else
            {
                _watchers[i].Tell(frame);
            }
        }
    }
}
