using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Berth.Runtime.Tests.Monitor.Ports;

/// <summary>What runs in the container: says its name to each client, then sends back what it got; after the end of that it ends too.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly Socket _listener;
    private readonly string _name;
    private int _accepted;

    public EchoServer(Socket listener, string name = "")
    {
        _listener = listener;
        _name = name;
        _ = AcceptAsync();
    }

    public int Accepted => Volatile.Read(ref _accepted);

    public ConcurrentQueue<IPEndPoint> Clients { get; } = new();

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptAsync();
                Clients.Enqueue((IPEndPoint)client.RemoteEndPoint!);
                Interlocked.Increment(ref _accepted);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the end of the test
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(_name));
                byte[] buffer = new byte[64 * 1024];
                for (int n = await client.ReceiveAsync(buffer); n > 0; n = await client.ReceiveAsync(buffer))
                {
                    for (int sent = 0; sent < n;)
                    {
                        sent += await client.SendAsync(buffer.AsMemory(sent, n - sent));
                    }
                }

                client.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // gone
            }
        }
    }
}
