using Berth.Linux.Polling;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Berth.Daemon.Hijack;

/// <summary>Watches hijacked connections for clients that went away.</summary>
internal sealed class Hangups : IDisposable
{
    private readonly HangupWatcher _watcher = new();

    /// <summary>Begins to watch a connection. Its token fires when the client closed the socket or died, not when it half-closed.</summary>
    public Hangup Watch(IFeatureCollection features)
    {
        int? socket = (int?)features.Get<IConnectionSocketFeature>()?.Socket.SafeHandle.DangerousGetHandle();
        var hangup = new Hangup();
        if (socket is int number)
        {
            hangup.Attach(_watcher.Watch(number, hangup.OnGone));
        }

        return hangup;
    }

    public void Dispose() => _watcher.Dispose();
}
