using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.Conformance.Tests.Networks;

/// <summary>
/// A server in a place that says who it is and from which address it was asked ("web 198.51.100.2"), over TCP and UDP; then it echoes lines.
/// </summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly string _name;
    private readonly Socket _listener, _datagrams;
    private readonly List<Socket> _accepted = [];
    private readonly List<Task> _tasks = [];

    /// <param name="place">Where it is; disposing it is the caller's.</param>
    /// <param name="name">Who it says it is.</param>
    /// <param name="port">Of both protocols; 0: any.</param>
    /// <param name="address">Null: every one, of both families.</param>
    public PeerServer(Place place, string name, int port, IPAddress? address = null)
    {
        _name = name;
        _listener = place.Listen(new IPEndPoint(address ?? IPAddress.IPv6Any, port));
        _datagrams = place.Bind(new IPEndPoint(address ?? IPAddress.IPv6Any, Port));
        _tasks.Add(AcceptAsync());
        _tasks.Add(AnswerAsync());
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _datagrams.Dispose();
        lock (_accepted)
        {
            _accepted.ForEach(static a => a.Dispose());
        }

        await Task.WhenAll(_tasks.ToArray());
    }

    private byte[] Greeting(EndPoint peer)
    {
        IPAddress address = ((IPEndPoint)peer).Address;
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_name} {(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}\n"));
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket accepted = await _listener.AcceptAsync();
                lock (_accepted)
                {
                    _accepted.Add(accepted);
                    _tasks.Add(ServeAsync(accepted));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket accepted)
    {
        byte[] buffer = new byte[4096];
        try
        {
            await accepted.SendAsync(Greeting(accepted.RemoteEndPoint!));
            int count;
            while ((count = await accepted.ReceiveAsync(buffer)) > 0)
            {
                await accepted.SendAsync(buffer.AsMemory(0, count));
            }

            accepted.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client has gone.
        }
    }

    private async Task AnswerAsync()
    {
        byte[] buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(_datagrams.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
                await _datagrams.SendToAsync(Greeting(received.RemoteEndPoint), received.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }
}
