using System.Net.Sockets;

namespace Berth.Network.Dns.Serving;

/// <summary>A container that is being served. Disposing it closes its sockets, ends its queries, and is done when none is left.</summary>
internal sealed class ServedClient : IAsyncDisposable
{
    private readonly ClientSession _session;
    private readonly Socket _udp, _tcp;
    private readonly Task _loops;
    private int _disposed;

    internal ServedClient(ClientSession session, Socket udp, Socket tcp, DnsLimits limits, ConnectionCount connections)
    {
        (_session, _udp, _tcp) = (session, udp, tcp);
        _loops = Task.WhenAll(new UdpService(session, udp).RunAsync(), new TcpService(session, tcp, limits, connections).RunAsync());
    }

    /// <summary>What the container sees. Setting it (a network connected or left) takes effect with the next query.</summary>
    public DnsClient Client
    {
        get => _session.Client;
        set => _session.Client = value;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        ValueTask closing = _session.CloseAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await closing.ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
        _session.Dispose();
    }
}
