using System.Collections.Concurrent;

namespace Berth.Daemon.Hijack;

/// <summary>The connections that streams have taken over, so that a stopping daemon can end them. The containers do not notice.</summary>
internal sealed class HijackedConnections
{
    private readonly ConcurrentDictionary<HijackableConnection, bool> _connections = new();

    public void Add(HijackableConnection connection) => _connections[connection] = true;

    public void Remove(HijackableConnection connection) => _connections.TryRemove(connection, out _);

    public void EndAll()
    {
        foreach (HijackableConnection connection in _connections.Keys)
        {
            connection.End();
        }
    }
}
