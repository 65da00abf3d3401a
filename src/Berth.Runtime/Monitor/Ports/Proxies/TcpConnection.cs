using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>
/// A client's connection and the one to the container behind it. The end of either side's output is passed on as such and the other direction goes on;
/// a reset is passed on as a reset.
/// </summary>
internal sealed class TcpConnection : ProxySource
{
    private const int Client = 0;
    private const int Container = 1;
    private const WatchedEvents Everything = WatchedEvents.Readable | WatchedEvents.Writable | WatchedEvents.PeerEnded | WatchedEvents.EdgeTriggered;
    private const WatchedEvents MeansReadable = WatchedEvents.Readable | WatchedEvents.PeerEnded | WatchedEvents.HungUp | WatchedEvents.Error;
    private const WatchedEvents MeansWritable = WatchedEvents.Writable | WatchedEvents.HungUp | WatchedEvents.Error;

    private readonly ProxyLoop _proxies;
    private readonly FileDescriptor _client;
    private readonly FileDescriptor _container;
    private readonly TcpDirection _in;
    private readonly TcpDirection _out;
    private bool _connected;

    private TcpConnection(ProxyLoop proxies, FileDescriptor client, FileDescriptor container)
    {
        _proxies = proxies;
        _client = client;
        _container = container;
        _in = new TcpDirection(proxies.Pipes, client, container);
        _out = new TcpDirection(proxies.Pipes, container, client);
    }

    /// <summary>Connects to the target for a client. Where that fails the client is reset, as it would have been by a host without a proxy.</summary>
    /// <param name="proxies">Where it runs.</param>
    /// <param name="client">Owned from now on.</param>
    /// <param name="address">The client's.</param>
    /// <param name="target">Where to.</param>
    public static void Begin(ProxyLoop proxies, FileDescriptor client, InternetAddress address, PortTarget target)
    {
        if (Connect(address, target) is not { } container)
        {
            TcpSocket.ResetOnClose(client, ended: false);
            client.Dispose();
            return;
        }

        TcpSocket.SendAtOnce(container);
        var connection = new TcpConnection(proxies, client, container);
        proxies.ConnectionBegan();
        if (proxies.Watch(connection, Client, client, Everything) < 0 || proxies.Watch(connection, Container, container, Everything) < 0)
        {
            connection.Reset();
        }
    }

    public override void Ready(int side, WatchedEvents found)
    {
        (TcpDirection from, TcpDirection to) = side == Client ? (_in, _out) : (_out, _in);
        from.Readable |= (found & MeansReadable) != 0;
        to.Writable |= (found & MeansWritable) != 0;
        from.SourceBroken |= (found & WatchedEvents.Error) != 0;
        if (!_connected)
        {
            Connecting(side, found);
        }
        else
        {
            Work();
        }
    }

    public override void Work()
    {
        bool more = _in.Pump() | _out.Pump();
        if (_in.SourceIsGone || _out.SourceIsGone || (_in.Over && _out.Over && (_in.DestinationFailed || _out.DestinationFailed)))
        {
            // A side that takes no more may have sent something before: that is passed on first, up to its end.
            Reset();
        }
        else if (_in.Done && _out.Done)
        {
            _proxies.End(this);
        }
        else if (more)
        {
            _proxies.Enqueue(this);
        }
    }

    /// <summary>The container has ended: what it sent before goes to the client as far as that takes it now.</summary>
    public void PassOnRest()
    {
        if (_connected)
        {
            _out.Readable = true;
            for (int i = 0; i < 64 && _out.Pump(); i++)
            {
                // Bounded: what can have arrived fits the socket's buffer.
            }
        }
    }

    public override void Close()
    {
        _in.Dispose();
        _out.Dispose();
        _client.Dispose();
        _container.Dispose();
        _proxies.ConnectionEnded();
    }

    // First with the client's port too, as servers see it that are reached without a proxy; another connection may have that pair already.
    private static FileDescriptor? Connect(InternetAddress client, PortTarget target)
    {
        InternetAddress? source = target.SourceFor(client);
        FileDescriptor? socket = TcpSocket.TryConnect(target.Address, source, out int errno);
        bool taken = source is not null && errno is Linux.Errno.EADDRINUSE or Linux.Errno.EADDRNOTAVAIL;
        return taken ? TcpSocket.TryConnect(target.Address, source!.Value.WithPort(0), out _) : socket;
    }

    private void Connecting(int side, WatchedEvents found)
    {
        if (side == Client)
        {
            if ((found & (WatchedEvents.Error | WatchedEvents.HungUp)) != 0)
            {
                Reset(); // gone before it was connected
            }
        }
        else if (InternetSocket.TakeError(_container) != 0)
        {
            Reset();
        }
        else if ((found & WatchedEvents.Writable) != 0)
        {
            _connected = true;
            Work();
        }
    }

    private void Reset()
    {
        TcpSocket.ResetOnClose(_client, _out.Done);
        TcpSocket.ResetOnClose(_container, _in.Done);
        _proxies.End(this);
    }
}
