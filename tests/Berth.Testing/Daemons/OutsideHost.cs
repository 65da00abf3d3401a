using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Testing.Processes;

namespace Berth.Testing.Daemons;

/// <summary>
/// The world beyond a test daemon's host: a machine on a wire of its own, that serves files over HTTP and answers DNS. It has no route
/// to containers, so it is reached only through masquerading.
/// </summary>
public sealed class OutsideHost : IAsyncDisposable
{
    /// <summary>The address of the daemon's host on the wire: what the outside may see.</summary>
    public const string HostsAddress = "198.51.100.1";

    public const string Address = "198.51.100.2";

    /// <summary>The name that its DNS server knows.</summary>
    public const string Name = "mirror.example";

    private readonly NetworkNamespace _namespace;
    private readonly CancellationTokenSource _stop = new();
    private readonly StringBuilder _requests = new();
    private Process? _server;
    private Socket? _dns;
    private Task _answering = Task.CompletedTask;

    private OutsideHost(NetworkNamespace space) => _namespace = space;

    /// <summary>The addresses that asked for files, one for each request.</summary>
    public IReadOnlyList<string> HttpClients
    {
        get
        {
            lock (_requests)
            {
                // "[::ffff:198.51.100.1]:34718: url:/Packages"
                return [.. _requests.ToString().Split('\n').Where(static l => l.Contains(" url:", StringComparison.Ordinal)).Select(static l => l[1..l.IndexOf(']', StringComparison.Ordinal)].Replace("::ffff:", "", StringComparison.Ordinal))];
            }
        }
    }

    /// <summary>The addresses that asked for names.</summary>
    public HashSet<string> DnsClients { get; } = [];

    /// <param name="daemon">Whose host gets the wire.</param>
    /// <param name="folder">What is served.</param>
    public static async Task<OutsideHost> StartAsync(TestDaemon daemon, string folder)
    {
        string name = daemon.Host.Name;
        var outside = new OutsideHost(await NetworkNamespace.MakeAsync(name + "-outside").ConfigureAwait(false));
        try
        {
            foreach (string command in new[]
            {
                $"-n {name} link add outside0 type veth peer name eth0 netns {name}-outside",
                $"-n {name} addr add {HostsAddress}/24 dev outside0", $"-n {name} link set outside0 up",
                $"-n {name}-outside addr add {Address}/24 dev eth0", $"-n {name}-outside link set eth0 up",
            })
            {
                _ = (await Run.Async("ip", command.Split(' ')).ConfigureAwait(false)).Text;
            }

            outside.Serve(folder);
            return outside;
        }
        catch
        {
            await outside.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _server?.Kill();
        _server?.Dispose();
        _dns?.Dispose();
        await _answering.ConfigureAwait(false);
        await _namespace.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Serve(string folder)
    {
        _server = Run.Start("nsenter", [$"--net={_namespace.Path}", "/usr/bin/busybox", "httpd", "-f", "-vv", "-p", "80", "-h", folder]);
        _server.ErrorDataReceived += (_, line) =>
        {
            lock (_requests)
            {
                _requests.Append(line.Data).Append('\n');
            }
        };
        _server.BeginErrorReadLine();
        using FileDescriptor space = FileDescriptor.Open(_namespace.Path, Libc.O_RDONLY);
        _dns = Linux.Namespaces.NetworkNamespace.Run(space, static () =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(Address), 53));
            return socket;
        });
        _answering = AnswerAsync(_dns, _stop.Token);
    }

    private async Task AnswerAsync(Socket socket, CancellationToken cancel)
    {
        var query = new byte[512];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(query, new IPEndPoint(IPAddress.Any, 0), cancel).ConfigureAwait(false);
                lock (DnsClients)
                {
                    DnsClients.Add(((IPEndPoint)received.RemoteEndPoint).Address.ToString());
                }

                await socket.SendToAsync(Answer(query.AsSpan(0, received.ReceivedBytes)), received.RemoteEndPoint, cancel).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    // RFC 1035 4.1: the header and the question of the query, then one A record where the question is for our name's address. Options (EDNS) are left out.
    private static byte[] Answer(ReadOnlySpan<byte> query)
    {
        int end = 12;
        var name = new StringBuilder();
        for (; query[end] != 0; end += query[end] + 1)
        {
            name.Append(Encoding.ASCII.GetString(query.Slice(end + 1, query[end]))).Append('.');
        }

        end += 5;
        bool known = name.ToString() == Name + ".", address = known && query[end - 3] == 1;
        byte[] header = [query[0], query[1], 0x85, (byte)(known ? 0x80 : 0x83), 0, 1, 0, (byte)(address ? 1 : 0), 0, 0, 0, 0];
        byte[] record = address ? [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. IPAddress.Parse(Address).GetAddressBytes()] : [];
        return [.. header, .. query[12..end], .. record];
    }
}
