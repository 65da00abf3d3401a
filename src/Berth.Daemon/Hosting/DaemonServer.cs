using Berth.Daemon.Hijack;
using Berth.Linux.Polling;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Berth.Daemon.Hosting;

/// <summary>Kestrel by hand: no host, no dependency injection, no middleware. The host is what costs, not Kestrel.</summary>
internal sealed class DaemonServer : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly IReadOnlyList<string> _sockets;
    private readonly HangupWatcher _watcher = new();
    private readonly HijackedConnections _hijacked = new();

    public DaemonServer(IReadOnlyList<string> sockets, ILoggerFactory loggers)
    {
        _sockets = sockets;
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };

        // Archives are as large as they are, attach streams idle for days.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        foreach (string socket in sockets)
        {
            options.ListenUnixSocket(socket, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(Hijackable);
            });
        }

        var transport = new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions { Backlog = 1024 }), loggers);
        _server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), transport, loggers);
    }

    /// <summary>Binds the sockets and begins to answer.</summary>
    public Task StartAsync(IHttpApplication<HttpContext> application, CancellationToken cancel) => _server.StartAsync(application, cancel);

    /// <summary>Stops listening, ends attached streams, gives open requests until <paramref name="cancel"/>, then breaks them off.</summary>
    public Task StopAsync(CancellationToken cancel)
    {
        _hijacked.EndAll();
        return _server.StopAsync(cancel);
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _watcher.Dispose();
        foreach (string socket in _sockets)
        {
            File.Delete(socket);
        }

        return ValueTask.CompletedTask;
    }

    private ConnectionDelegate Hijackable(ConnectionDelegate next) => async connection =>
    {
        using var hijackable = new HijackableConnection(connection, _watcher, _hijacked);
        await next(hijackable).ConfigureAwait(false);
    };
}
