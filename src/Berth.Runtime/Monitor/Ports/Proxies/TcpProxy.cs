using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>Accepts the connections of one published port.</summary>
internal sealed class TcpProxy : PortProxy
{
    /// <summary>So that a storm at one port does not keep the others waiting; the rest come in the next turn.</summary>
    private const int MostInATurn = 32;

    private readonly ProxyLoop _proxies;
    private readonly FileDescriptor _listener;

    /// <exception cref="LinuxException">The socket cannot be waited for.</exception>
    public TcpProxy(ProxyLoop proxies, FileDescriptor listener, PortTarget target)
    {
        _proxies = proxies;
        _listener = listener;
        Target = target;
        if (proxies.Watch(this, 0, listener, WatchedEvents.Readable) is < 0 and int errno)
        {
            proxies.End(this);
            throw new LinuxException("epoll_ctl", "a listening socket", -errno);
        }

        TcpSocket.SendAtOnce(listener);
        TcpSocket.KeepAsking(listener); // connections that nobody is at any more would count for ever
        proxies.Listens(this);
    }

    public override PortTarget Target { get; set; }

    public override void Ready(int side, WatchedEvents found)
    {
        for (int i = 0; i < MostInATurn; i++)
        {
            if (!_proxies.HasRoom)
            {
                _proxies.PauseAccepting(failed: false);
                return;
            }

            if (TcpSocket.TryAccept(_listener, out InternetAddress client, out int errno) is { } connection)
            {
                TcpConnection.Begin(_proxies, connection, client, Target);
            }
            else if (errno == Errno.EAGAIN)
            {
                return;
            }
            else if (errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOBUFS or Errno.ENOMEM)
            {
                _proxies.PauseAccepting(failed: true);
                return;
            }

            // Anything else is the failure of the connection that was next, accept(2): it is gone.
        }
    }

    /// <summary>Whether clients are accepted or left waiting.</summary>
    public void Listen(bool accept) => _proxies.Rewatch(this, _listener, accept ? WatchedEvents.Readable : WatchedEvents.None);

    public override void Stop()
    {
        _proxies.ListensNoMore(this);
        _proxies.Unwatch(_listener); // the daemon may have a descriptor of it too, so closing is not enough
        _proxies.End(this);
    }
}
