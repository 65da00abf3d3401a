using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>TCP for a loop that never waits. tcp(7).</summary>
public static unsafe class TcpSocket
{
    /// <summary>Takes the next connection.</summary>
    /// <param name="listener">Non-blocking.</param>
    /// <param name="client">From where.</param>
    /// <param name="errno">Why there is none: EAGAIN where nobody waits.</param>
    public static FileDescriptor? TryAccept(FileDescriptor listener, out InternetAddress client, out int errno)
    {
        Libc.sockaddr_in6 raw = default;
        uint length = (uint)sizeof(Libc.sockaddr_in6);
        int fd = Libc.accept4(listener.Number, &raw, &length, Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        client = fd < 0 ? default : InternetAddress.Of(raw);
        return fd < 0 ? null : new FileDescriptor(fd);
    }

    /// <summary>Begins to connect: see <see cref="InternetSocket.TryConnect"/>.</summary>
    public static FileDescriptor? TryConnect(InternetAddress target, InternetAddress? source, out int errno) =>
        InternetSocket.TryConnect(Libc.SOCK_STREAM, target, source, out errno);

    /// <summary>Small pieces are sent as they come (TCP_NODELAY): who relays them cannot know whether more will follow. Of a listener it holds for all that it accepts.</summary>
    public static void SendAtOnce(FileDescriptor socket) => InternetSocket.Set(socket, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);

    /// <summary>Asks a peer that is silent for a minute whether it is still there, so that one that vanished without a word is found out after three more.</summary>
    public static void KeepAsking(FileDescriptor socket)
    {
        InternetSocket.Set(socket, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE, 1);
        InternetSocket.Set(socket, Libc.IPPROTO_TCP, Libc.TCP_KEEPIDLE, 60);
        InternetSocket.Set(socket, Libc.IPPROTO_TCP, Libc.TCP_KEEPINTVL, 20);
    }

    /// <summary>Ends what the peer can read.</summary>
    public static void EndOutput(FileDescriptor socket) => _ = Libc.shutdown(socket.Number, Libc.SHUT_WR);

    /// <summary>
    /// Closing will reset the connection (SO_LINGER of no seconds), unless bytes are on their way that the peer has not acknowledged: a reset would take them back,
    /// and a close ends the connection after them.
    /// </summary>
    /// <param name="socket">Connected, or on its way.</param>
    /// <param name="ended">Its output was ended: that is counted as a byte.</param>
    public static void ResetOnClose(FileDescriptor socket, bool ended)
    {
        int unacknowledged = 0;
        if (Libc.ioctl(socket.Number, Libc.SIOCOUTQ, &unacknowledged) == 0 && unacknowledged <= (ended ? 1 : 0))
        {
            var none = new Libc.linger { l_onoff = 1 };
            _ = Libc.setsockopt(socket.Number, Libc.SOL_SOCKET, Libc.SO_LINGER, &none, (uint)sizeof(Libc.linger));
        }
    }
}
