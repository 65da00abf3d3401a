using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using Berth.Images.Registries;
using Berth.Images.Registries.Http;

namespace Berth.Images.Tests.Registries;

/// <summary>An HTTP server on loopback whose every answer, well-formed or not, is the test's. One request a connection.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ScriptedRequest, ScriptedAnswer> _answer;
    private readonly X509Certificate2? _certificate;

    public ScriptedServer(Func<ScriptedRequest, ScriptedAnswer> answer, X509Certificate2? certificate = null)
    {
        (_answer, _certificate) = (answer, certificate);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>As in a reference: 127.0.0.1:PORT.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public string Address => $"{(_certificate is null ? "http" : "https")}://{Name}";

    /// <summary>All requests, in the order in which they came.</summary>
    public ConcurrentQueue<ScriptedRequest> Requests { get; } = new();

    /// <summary>What finds this server, by a hosts file in a folder, and waits for next to nothing before another attempt.</summary>
    public RegistryOptions Options(string folder)
    {
        string file = Path.Join(folder, Name, "hosts.toml");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"server = \"{Address}\"");
        return new RegistryOptions { HostsFolders = [folder], Retry = new RetryPolicy { First = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromMilliseconds(5) } };
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        CancellationToken stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(stop);
                _ = ServeAsync(client, stop);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (_certificate is not null)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, stop);
                    stream = tls;
                }

                ScriptedRequest request = await ReadAsync(stream, stop);
                Requests.Enqueue(request);
                await WriteAsync(stream, request, _answer(request), stop);
                if (_certificate is not null)
                {
                    await ((SslStream)stream).ShutdownAsync();
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
            {
                // The client went away, as some tests want it to.
            }
        }
    }

    private static async Task<ScriptedRequest> ReadAsync(Stream stream, CancellationToken stop)
    {
        string[] first = (await LineAsync(stream, stop)).Split(' ');
        if (first.Length < 3)
        {
            throw new IOException("no HTTP");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string line;
        while ((line = await LineAsync(stream, stop)).Length > 0)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = line[..colon], value = line[(colon + 1)..].Trim();
            headers[name] = headers.TryGetValue(name, out string? before) ? $"{before}, {value}" : value;
        }

        byte[] body = new byte[headers.TryGetValue("Content-Length", out string? length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, stop);
        return new ScriptedRequest(first[0], first[1], headers, body);
    }

    private static async Task WriteAsync(Stream stream, ScriptedRequest request, ScriptedAnswer answer, CancellationToken stop)
    {
        var head = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} Scripted\r\nConnection: close\r\n"));
        if (!answer.IsEndless)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Announced ?? answer.Body.Length}\r\n");
        }

        foreach ((string name, string value) in answer.Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), stop);
        if (request.Method != "HEAD")
        {
            do
            {
                await stream.WriteAsync(answer.Body.AsMemory(0, answer.CutAt ?? answer.Body.Length), stop);
            }
            while (answer.IsEndless);
        }

        await stream.FlushAsync(stop);
        if (answer.Stalls)
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
    }

    private static async Task<string> LineAsync(Stream stream, CancellationToken stop)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (true)
        {
            if (await stream.ReadAsync(one, stop) == 0)
            {
                throw new IOException("the client closed");
            }

            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }
    }
}
