using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>netinet/in.h, netinet/tcp.h, asm-generic/socket.h: sockets of the internet's families.</summary>
public static unsafe partial class Libc
{
    public const int SOCK_DGRAM = 2;
    public const int IPPROTO_IP = 0;
    public const int IPPROTO_TCP = 6;
    public const int IPPROTO_UDP = 17;
    public const int IPPROTO_IPV6 = 41;
    public const int IPPROTO_SCTP = 132;
    public const int SO_REUSEADDR = 2;
    public const int SO_ERROR = 4;
    public const int SO_RCVBUF = 8;
    public const int SO_KEEPALIVE = 9;
    public const int SO_LINGER = 13;
    public const int SO_DETACH_FILTER = 27;
    public const int SO_ACCEPTCONN = 30;
    public const int SO_PROTOCOL = 38;
    public const int TCP_NODELAY = 1;
    public const int TCP_KEEPIDLE = 4;
    public const int TCP_KEEPINTVL = 5;
    public const int IP_PKTINFO = 8;
    public const int IP_TRANSPARENT = 19;
    public const int IP_BIND_ADDRESS_NO_PORT = 24;
    public const int IPV6_V6ONLY = 26;
    public const int IPV6_RECVPKTINFO = 49;
    public const int IPV6_PKTINFO = 50;
    public const int IPV6_TRANSPARENT = 75;

    /// <summary>linux/sockios.h: bytes of a socket that its peer has not acknowledged yet.</summary>
    public const nuint SIOCOUTQ = 0x5411;

    /// <summary>Port and address are big-endian.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct sockaddr_in
    {
        public ushort sin_family;
        public ushort sin_port;
        public uint sin_addr;
        public ulong sin_zero;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct sockaddr_in6
    {
        public ushort sin6_family;
        public ushort sin6_port;
        public uint sin6_flowinfo;
        public fixed byte sin6_addr[16];
        public uint sin6_scope_id;
    }

    /// <summary>Received, spec_dst is the local address; sent, the source to use. ip(7).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct in_pktinfo
    {
        public int ipi_ifindex;
        public uint ipi_spec_dst;
        public uint ipi_addr;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct in6_pktinfo
    {
        public fixed byte ipi6_addr[16];
        public uint ipi6_ifindex;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct linger
    {
        public int l_onoff;
        public int l_linger;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getsockopt(int sockfd, int level, int optname, void* optval, uint* optlen);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getsockname(int sockfd, void* addr, uint* addrlen);

    [LibraryImport("libc")]
    public static partial int inet_pton(int af, byte* src, void* dst);
}
