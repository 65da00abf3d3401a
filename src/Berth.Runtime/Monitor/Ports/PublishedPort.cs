using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;
using Berth.Runtime.Monitor.Ports.Proxies;

namespace Berth.Runtime.Monitor.Ports;

/// <summary>A published port that is passed on to the container: its socket and the proxy behind it.</summary>
internal sealed class PublishedPort
{
    private readonly FileDescriptor _socket;
    private readonly PortProxy _proxy;

    /// <param name="key">Which.</param>
    /// <param name="socket">Owned from now on, once this returns.</param>
    /// <param name="target">Not one to hold.</param>
    /// <param name="proxies">Where it runs.</param>
    /// <exception cref="Linux.LinuxException">It cannot be waited for.</exception>
    public PublishedPort(PortKey key, FileDescriptor socket, PortTarget target, ProxyLoop proxies)
    {
        Key = key;
        _socket = socket;
        NonBlocking.Set(socket);
        _proxy = key.Protocol == Libc.IPPROTO_UDP ? new UdpProxy(proxies, socket, target) : new TcpProxy(proxies, socket, target);
    }

    public PortKey Key { get; }

    /// <summary>Why a descriptor is not the socket that it should be; null where it is.</summary>
    public static string? Mismatch(PortKey key, FileDescriptor socket)
    {
        if (InternetSocket.ProtocolOf(socket) != key.Protocol || InternetSocket.LocalAddress(socket).WithoutScope() != key.Host)
        {
            return $"the descriptor for port {key.Host.Port} is no socket of its protocol bound to its address: are they in the ports' order?";
        }

        return key.Protocol == Libc.IPPROTO_TCP && !InternetSocket.IsListening(socket) ? $"the socket for port {key.Host.Port} does not listen" : null;
    }

    /// <summary>Passes on to another target from now on. TCP connections that are there go on as they are.</summary>
    public void Change(PortTarget target) => _proxy.Target = target;

    /// <summary>Ends the proxy, but for TCP connections that are there, and gives the socket away.</summary>
    public FileDescriptor Stop()
    {
        _proxy.Stop();
        return _socket;
    }
}
