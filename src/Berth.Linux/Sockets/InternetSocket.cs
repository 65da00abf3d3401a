using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>What TCP and UDP sockets of a loop that never waits have in common. All are close-on-exec and non-blocking.</summary>
public static unsafe class InternetSocket
{
    /// <summary>IPPROTO_TCP, IPPROTO_UDP and so on; -1 for what is no socket.</summary>
    public static int ProtocolOf(FileDescriptor descriptor) => ProtocolOf(descriptor.Number);

    /// <summary>Whether it accepts connections.</summary>
    public static bool IsListening(FileDescriptor descriptor) => Option(descriptor.Number, Libc.SOL_SOCKET, Libc.SO_ACCEPTCONN) == 1;

    /// <summary>The address it is bound to; the default for what is no socket of these families.</summary>
    public static InternetAddress LocalAddress(FileDescriptor socket) => LocalAddress(socket.Number);

    /// <summary>The failure that the socket met since it was last asked, an errno; 0 for none. SO_ERROR, socket(7).</summary>
    public static int TakeError(FileDescriptor socket) => Option(socket.Number, Libc.SOL_SOCKET, Libc.SO_ERROR);

    /// <summary>A socket that is connected, or (TCP) on its way: writable then, with <see cref="TakeError"/> telling how it went.</summary>
    /// <param name="type">SOCK_STREAM or SOCK_DGRAM.</param>
    /// <param name="target">Where to.</param>
    /// <param name="source">The address to appear as, not necessarily this host's (IP_TRANSPARENT, needs CAP_NET_ADMIN); null for the ordinary one.</param>
    /// <param name="errno">Why there is none.</param>
    internal static FileDescriptor? TryConnect(int type, InternetAddress target, InternetAddress? source, out int errno)
    {
        int fd = Libc.socket(target.Family, type | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        if (fd < 0)
        {
            errno = Marshal.GetLastPInvokeError();
            return null;
        }

        var socket = new FileDescriptor(fd);
        errno = source is { } address ? BindForeign(socket, address, shared: type == Libc.SOCK_STREAM || address.Port != 0) : 0;
        if (errno == 0)
        {
            uint length = target.Write(out Libc.sockaddr_in6 raw);
            errno = Libc.connect(fd, &raw, length) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        if (errno is 0 or Errno.EINPROGRESS)
        {
            errno = 0;
            return socket;
        }

        socket.Dispose();
        return null;
    }

    internal static int ProtocolOf(int number) => Option(number, Libc.SOL_SOCKET, Libc.SO_PROTOCOL);

    internal static InternetAddress LocalAddress(int number)
    {
        Libc.sockaddr_in6 raw = default;
        uint length = (uint)sizeof(Libc.sockaddr_in6);
        return Libc.getsockname(number, &raw, &length) < 0 ? default : InternetAddress.Of(raw);
    }

    internal static void Set(FileDescriptor socket, int level, int option, int value) => _ = TrySet(socket, level, option, value);

    internal static int TrySet(FileDescriptor socket, int level, int option, int value) =>
        Libc.setsockopt(socket.Number, level, option, &value, sizeof(int)) < 0 ? Marshal.GetLastPInvokeError() : 0;

    // With a port the clients of several published ports, or a client's former connection, may hold the same pair: only both ends together have to
    // differ, which SO_REUSEADDR and, without a port, IP_BIND_ADDRESS_NO_PORT leave to connect(2). For a datagram socket without a port the kernel looks at nothing
    // but SO_REUSEADDR (udp_lib_get_port): with it two of them might get the same port.
    private static int BindForeign(FileDescriptor socket, InternetAddress source, bool shared)
    {
        bool six = source.Family == Libc.AF_INET6;
        int errno = TrySet(socket, six ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP, six ? Libc.IPV6_TRANSPARENT : Libc.IP_TRANSPARENT, 1);
        if (errno != 0)
        {
            return errno;
        }

        Set(socket, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, shared ? 1 : 0);
        Set(socket, Libc.IPPROTO_IP, Libc.IP_BIND_ADDRESS_NO_PORT, 1);
        uint length = source.Write(out Libc.sockaddr_in6 raw);
        return Libc.bind(socket.Number, &raw, length) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    private static int Option(int socket, int level, int option)
    {
        int value = 0;
        uint length = sizeof(int);
        return Libc.getsockopt(socket, level, option, &value, &length) < 0 ? -1 : value;
    }
}
