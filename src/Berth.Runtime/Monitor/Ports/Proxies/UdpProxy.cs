using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>Passes the datagrams of one published port on, and the answers back from the address that was asked.</summary>
internal sealed class UdpProxy : PortProxy
{
    private const int MostInATurn = 64;

    private readonly ProxyLoop _proxies;
    private readonly FileDescriptor _socket;
    private readonly Dictionary<UdpFlowKey, UdpFlow> _flows = [];
    private PortTarget _target;

    /// <exception cref="LinuxException">The socket cannot be waited for.</exception>
    public UdpProxy(ProxyLoop proxies, FileDescriptor socket, PortTarget target)
    {
        _proxies = proxies;
        _socket = socket;
        _target = target;
        UdpSocket.TellAddressAsked(socket);
        if (proxies.Watch(this, 0, socket, WatchedEvents.Readable) is < 0 and int errno)
        {
            proxies.End(this);
            throw new LinuxException("epoll_ctl", "a UDP socket", -errno);
        }
    }

    /// <summary>There are no connections that could go on: what clients send from now on goes to the new one.</summary>
    public override PortTarget Target
    {
        get => _target;
        set
        {
            if (value != _target)
            {
                _target = value;
                EndFlows();
            }
        }
    }

    public override void Ready(int side, WatchedEvents found)
    {
        for (int i = 0; i < MostInATurn; i++)
        {
            Span<byte> scratch = _proxies.Scratch.Bytes;
            int n = UdpSocket.Receive(_socket, scratch, out InternetAddress client, out PacketAddress asked);
            if (n == -Errno.EAGAIN)
            {
                return;
            }

            if (n >= 0) // otherwise an error that an answer to some client met: not this one's
            {
                (Find(client, asked) ?? Begin(client, asked))?.Send(scratch[..n]);
            }
        }
    }

    /// <summary>What the client's side does not take is lost, as datagrams are.</summary>
    public void Answer(ReadOnlySpan<byte> datagram, InternetAddress client, PacketAddress asked) => _ = UdpSocket.Send(_socket, datagram, client, asked);

    public void Forget(UdpFlow flow) => _flows.Remove(flow.Key);

    public override void Stop()
    {
        EndFlows();
        _proxies.Unwatch(_socket);
        _proxies.End(this);
    }

    private UdpFlow? Find(InternetAddress client, PacketAddress asked) => _flows.GetValueOrDefault(new UdpFlowKey(client, asked.Address));

    private UdpFlow? Begin(InternetAddress client, PacketAddress asked)
    {
        if (_proxies.Flows.IsFull)
        {
            _proxies.End(_proxies.Flows.Oldest!);
        }

        if (Connect(client) is not { } container)
        {
            return null; // the datagram is lost, as on a wire
        }

        var flow = new UdpFlow(this, _proxies, client, asked, container);
        _proxies.Flows.Add(flow, _proxies.Now);
        _flows.Add(flow.Key, flow);
        if (_proxies.Watch(flow, 0, container, WatchedEvents.Readable) == 0)
        {
            return flow;
        }

        _proxies.End(flow);
        return null;
    }

    private FileDescriptor? Connect(InternetAddress client)
    {
        InternetAddress? source = _target.SourceFor(client)?.WithPort(UdpSource.PortFor(client, _proxies.EphemeralPorts));
        FileDescriptor? socket = UdpSocket.TryConnect(_target.Address, source, out int errno);
        bool taken = source is not null && errno is Errno.EADDRINUSE or Errno.EADDRNOTAVAIL;
        return taken ? UdpSocket.TryConnect(_target.Address, source!.Value.WithPort(0), out _) : socket;
    }

    private void EndFlows()
    {
        foreach (UdpFlow flow in (UdpFlow[])[.. _flows.Values])
        {
            _proxies.End(flow);
        }
    }
}
