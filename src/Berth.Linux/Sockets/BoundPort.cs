using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>Takes a port of the calling thread's network namespace, so that nobody else can.</summary>
public static unsafe class BoundPort
{
    private const int Backlog = 4096; // cut to net.core.somaxconn

    /// <summary>A socket bound to an address and port and, but for UDP, listening.</summary>
    /// <param name="protocol">TCP, UDP or 132 for SCTP.</param>
    /// <param name="address">An IPv6 one takes the port for IPv6 alone.</param>
    /// <param name="port">0: one that the kernel chooses, see <see cref="InternetSocket.LocalAddress(FileDescriptor)"/>.</param>
    /// <exception cref="LinuxException">EADDRINUSE, EADDRNOTAVAIL (no such address here), EPROTONOSUPPORT, EAFNOSUPPORT.</exception>
    public static FileDescriptor Take(ProtocolType protocol, IPAddress address, ushort port)
    {
        string target = $"{new IPEndPoint(address, port)}/{protocol.ToString().ToLowerInvariant()}";
        if (!InternetAddress.TryParse(address.ToString(), port, out InternetAddress where))
        {
            throw new LinuxException("bind", target, Errno.EADDRNOTAVAIL);
        }

        int type = protocol == ProtocolType.Udp ? Libc.SOCK_DGRAM : Libc.SOCK_STREAM;
        int fd = Libc.socket(where.Family, type | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, (int)protocol);
        if (fd < 0)
        {
            throw new LinuxException("socket", target, Marshal.GetLastPInvokeError());
        }

        var socket = new FileDescriptor(fd);
        if (where.Family == Libc.AF_INET6)
        {
            InternetSocket.Set(socket, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1);
        }

        if (protocol != ProtocolType.Udp)
        {
            // Connections of an earlier holder that are still being forgotten (TIME_WAIT) are no obstacle. Between UDP sockets it would let them share.
            InternetSocket.Set(socket, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        }

        uint length = where.Write(out Libc.sockaddr_in6 raw);
        int errno = Libc.bind(fd, &raw, length) < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (errno == 0 && protocol != ProtocolType.Udp)
        {
            errno = Libc.listen(fd, Backlog) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        if (errno == 0)
        {
            return socket;
        }

        socket.Dispose();
        throw new LinuxException("bind", target, errno);
    }
}
