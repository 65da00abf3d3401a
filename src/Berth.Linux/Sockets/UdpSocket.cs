using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>UDP for a loop that never waits. Counts are bytes, or the negative errno. udp(7), ip(7), ipv6(7).</summary>
public static unsafe class UdpSocket
{
    /// <summary>The largest datagram there may be.</summary>
    public const int LongestDatagram = 65535;

    // cmsg(3): a header and its data, each padded to eight bytes; the larger of the two that may come.
    private const int ControlSize = 64;

    /// <summary>A socket for the datagrams of one peer: see <see cref="InternetSocket.TryConnect"/>.</summary>
    public static FileDescriptor? TryConnect(InternetAddress target, InternetAddress? source, out int errno) =>
        InternetSocket.TryConnect(Libc.SOCK_DGRAM, target, source, out errno);

    /// <summary>From now on Receive tells which address was asked.</summary>
    public static void TellAddressAsked(FileDescriptor socket)
    {
        InternetSocket.Set(socket, Libc.IPPROTO_IP, Libc.IP_PKTINFO, 1);
        InternetSocket.Set(socket, Libc.IPPROTO_IPV6, Libc.IPV6_RECVPKTINFO, 1); // fails on IPv4 sockets; IPv6 ones tell it of IPv4 packets too
    }

    /// <summary>Drops, or no longer drops, what arrives before it is queued, so that a socket that nobody reads holds no memory: a filter that takes 0 bytes.</summary>
    public static void DropAll(FileDescriptor socket, bool drop)
    {
        if (!drop)
        {
            InternetSocket.Set(socket, Libc.SOL_SOCKET, Libc.SO_DETACH_FILTER, 0);
            return;
        }

        var nothing = new Libc.sock_filter { code = 0x06 }; // BPF_RET | BPF_K, k = 0
        var program = new Libc.sock_fprog { len = 1, filter = &nothing };
        _ = Libc.setsockopt(socket.Number, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, &program, (uint)sizeof(Libc.sock_fprog));
    }

    /// <summary>Takes one datagram.</summary>
    /// <param name="socket">Non-blocking.</param>
    /// <param name="into">Where to; what is longer is cut.</param>
    /// <param name="client">From where.</param>
    /// <param name="asked">To which address and over which link, if told.</param>
    public static int Receive(FileDescriptor socket, Span<byte> into, out InternetAddress client, out PacketAddress asked)
    {
        asked = default;
        Libc.sockaddr_in6 from = default;
        byte* control = stackalloc byte[ControlSize];
        fixed (byte* buffer = into)
        {
            var part = new Libc.iovec { iov_base = buffer, iov_len = (nuint)into.Length };
            var message = new Libc.msghdr
            {
                msg_name = &from, msg_namelen = (uint)sizeof(Libc.sockaddr_in6), msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = ControlSize,
            };
            nint n = Libc.recvmsg(socket.Number, &message, Libc.MSG_DONTWAIT);
            client = n < 0 ? default : InternetAddress.Of(from);
            if (n < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }

            asked = PacketAddress.Find(control, message.msg_controllen);
            return (int)n;
        }
    }

    /// <summary>Takes one datagram of a connected socket's peer.</summary>
    public static int Receive(FileDescriptor socket, Span<byte> into)
    {
        fixed (byte* buffer = into)
        {
            nint n = Libc.recv(socket.Number, buffer, into.Length, Libc.MSG_DONTWAIT);
            return n < 0 ? -Marshal.GetLastPInvokeError() : (int)n;
        }
    }

    /// <summary>
    /// Sends one datagram to a connected socket's peer. The answer to an earlier one, that nobody listened there (ICMP), is reported in place of sending:
    /// it is ignored, as by a client that nobody relays, and the datagram is sent.
    /// </summary>
    public static int Send(FileDescriptor socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            nint n = Libc.send(socket.Number, buffer, bytes.Length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            if (n < 0 && Marshal.GetLastPInvokeError() != Errno.EAGAIN)
            {
                n = Libc.send(socket.Number, buffer, bytes.Length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            }

            return n < 0 ? -Marshal.GetLastPInvokeError() : (int)n;
        }
    }

    /// <summary>Sends one datagram from the address that was asked.</summary>
    public static int Send(FileDescriptor socket, ReadOnlySpan<byte> bytes, InternetAddress client, PacketAddress asked)
    {
        uint length = client.Write(out Libc.sockaddr_in6 to);
        byte* control = stackalloc byte[ControlSize];
        fixed (byte* buffer = bytes)
        {
            var part = new Libc.iovec { iov_base = buffer, iov_len = (nuint)bytes.Length };
            var message = new Libc.msghdr
            {
                msg_name = &to, msg_namelen = length, msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = asked.Write(control),
            };
            nint n = Libc.sendmsg(socket.Number, &message, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            return n < 0 ? -Marshal.GetLastPInvokeError() : (int)n;
        }
    }
}
