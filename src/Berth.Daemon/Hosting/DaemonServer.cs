using Berth.Daemon.Hijack;
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
            options.ListenUnixSocket(socket, static listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(static next => async connection =>
                {
                    using var hijackable = new HijackableConnection(connection);
                    await next(hijackable).ConfigureAwait(false);
                });
            });
        }

        var transport = new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions { Backlog = 1024 }), loggers);
        _server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), transport, loggers);
    }

    /// <summary>Binds the sockets and begins to answer.</summary>
    public Task StartAsync(IHttpApplication<HttpContext> application, CancellationToken cancel) => _server.StartAsync(application, cancel);

    /// <summary>Stops listening, gives open requests until <paramref name="cancel"/>, then breaks them off.</summary>
    public Task StopAsync(CancellationToken cancel) => _server.StopAsync(cancel);

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        foreach (string socket in _sockets)
        {
            File.Delete(socket);
        }

        return ValueTask.CompletedTask;
    }
}
