using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;
using Berth.Runtime.Monitor.Loop;

namespace Berth.Runtime.Monitor.Control;

/// <summary>
/// Accepts connections at monitor.sock. Only so many may be on their way to a call: the one that has been silent longest makes room,
/// so clients that connect and say nothing cannot shut the daemon out.
/// </summary>
internal sealed class ControlListener(FileDescriptor listener, MonitorLoop loop, IMonitorCalls calls) : LoopSource
{
    private const int MostWaiting = 64;

    /// <summary>Watchers, attach streams and execs included. An exec takes up to five descriptors, of the 1,024 that a process usually may have.</summary>
    private const int MostSources = 700;

    private readonly List<ControlConnection> _waiting = [];

    public override int Descriptor => loop.Count < MostSources ? listener.Number : -1;

    public override PollEvents Wanted => PollEvents.Readable;

    public override void Ready(PollEvents events)
    {
        if (UnixSocket.TryAccept(listener) is not { } accepted)
        {
            return;
        }

        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            if (_waiting[i].Ended)
            {
                _waiting.RemoveAt(i);
            }
        }

        if (_waiting.Count >= MostWaiting)
        {
            _waiting[0].Drop();
            _waiting.RemoveAt(0);
        }

        var connection = new ControlConnection(accepted, loop.Scratch, calls);
        _waiting.Add(connection);
        loop.Add(connection);
    }

    /// <summary>Takes no more connections, and drops those that have not made their call yet.</summary>
    public void Stop()
    {
        Ended = true;
        foreach (ControlConnection connection in _waiting)
        {
            connection.Drop();
        }
    }

    public override void Close() => listener.Dispose();
}
