using System.Net;
using System.Net.Sockets;

namespace Berth.Bench.Images;

/// <summary>Passes connections on to a port of the loopback and counts what comes back; that many bytes of it at the most, until it is told to go on.</summary>
internal sealed class CountingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _passed;
    private long _limit = long.MaxValue;

    public CountingProxy(int target)
    {
        _target = target;
        _listener.Start(256);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that came back from the target since the last <see cref="Reset"/>.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>Ends once the limit is reached; what is over it is held back.</summary>
    public Task Full => _full.Task;

    /// <summary>Counts from nothing, up to a limit.</summary>
    public void Reset(long limit)
    {
        Interlocked.Exchange(ref _passed, 0);
        Interlocked.Exchange(ref _limit, limit);
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = PassAsync(client);
        }
    }

    private async Task PassAsync(Socket client)
    {
        using Socket _ = client;
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(CopyAsync(client, server, counts: false), CopyAsync(server, client, counts: true));
        }
        catch (SocketException)
        {
            // One side is gone; so is the other now.
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool counts)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            int got;
            while ((got = await from.ReceiveAsync(buffer)) > 0)
            {
                if (counts && Interlocked.Add(ref _passed, got) > Interlocked.Read(ref _limit))
                {
                    _full.TrySetResult();
                    await Task.Delay(Timeout.Infinite);
                }

                for (int sent = 0; sent < got;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, got - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
        }
    }
}
