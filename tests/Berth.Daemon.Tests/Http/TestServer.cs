using System.Net.Sockets;
using System.Text;
using Berth.Daemon.Hosting;
using Berth.Daemon.Http;
using Berth.Daemon.Options;
using Berth.Daemon.Routing;
using Berth.Engine;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Daemon.Tests.Http;

/// <summary>The daemon's real server on a socket of its own, with routes of the test and no engine.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-server-").FullName;
    private readonly DaemonServer _server;

    private TestServer() => _server = new DaemonServer([Socket], NullLoggerFactory.Instance);

    public string Socket => Path.Join(_folder, "s");

    /// <param name="routes">Empty: the real table.</param>
    public static async Task<TestServer> StartAsync(params Route[] routes)
    {
        var test = new TestServer();
        var engineOptions = new EngineOptions { DataRoot = test._folder, RunRoot = test._folder, RuntimePath = "/nonexistent" };
        var services = new DaemonServices(null!, new DaemonOptions(), engineOptions, "id");
        IHttpApplication<HttpContext> application =
            new ApiApplication(new Router(routes.Length == 0 ? [.. RouteTable.Routes, .. RouteTable.Own] : routes), services, NullLogger.Instance);
        await test._server.StartAsync(application, CancellationToken.None);
        return test;
    }

    /// <summary>A raw connection, on which a request was sent.</summary>
    public async Task<Socket> SendAsync(string request)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
        await socket.SendAsync(Encoding.ASCII.GetBytes(request.ReplaceLineEndings("\r\n")));
        return socket;
    }

    /// <summary>The whole answer to a request that asks for the connection's end.</summary>
    public async Task<string> AnswerAsync(string head, string body = "")
    {
        using Socket socket = await SendAsync($"{head}\nHost: d\nConnection: close\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\n\n{body}");
        return await ReadToEndAsync(socket);
    }

    public static async Task<string> ReadToEndAsync(Socket socket)
    {
        // Not through a NetworkStream: that refuses a socket that was shut down for sending.
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await socket.ReceiveAsync(buffer)) > 0)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
