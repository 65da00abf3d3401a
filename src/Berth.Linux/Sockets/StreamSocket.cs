using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>A connected stream socket with blocking calls: the client's way to a daemon. One thread reads while another may write.</summary>
public sealed unsafe class StreamSocket : IDisposable
{
    private readonly FileDescriptor descriptor;
    private readonly string peer;

    private StreamSocket(FileDescriptor descriptor, string peer)
    {
        this.descriptor = descriptor;
        this.peer = peer;
    }

    /// <summary>The number, for poll(2). Valid until <see cref="Dispose"/>.</summary>
    public int Number => descriptor.Number;

    /// <summary>Takes over one of a pair of sockets.</summary>
    /// <param name="owned">Closed with this object.</param>
    /// <param name="peer">Who is at the other end, for errors.</param>
    public static StreamSocket Over(FileDescriptor owned, string peer) => new(owned, peer);

    /// <summary>Connects to a socket in the file system. unix(7): a path of 108 bytes or more cannot be named.</summary>
    public static StreamSocket ConnectUnix(string path)
    {
        int length = Encoding.UTF8.GetByteCount(path);
        if (length >= 108)
        {
            throw new LinuxException("connect", path, Errno.ENAMETOOLONG);
        }

        FileDescriptor descriptor = Create(Libc.AF_UNIX, path);
        Libc.sockaddr_un address = default;
        address.sun_family = Libc.AF_UNIX;
        Encoding.UTF8.GetBytes(path, new Span<byte>(address.sun_path, 108));
        if (Libc.connect(descriptor.Number, &address, (uint)(sizeof(ushort) + length + 1)) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            descriptor.Dispose();
            throw new LinuxException("connect", path, errno);
        }

        return new StreamSocket(descriptor, path);
    }

    /// <summary>Connects over TCP, trying every address the name resolves to, in the resolver's order.</summary>
    public static StreamSocket ConnectTcp(string host, int port)
    {
        string peer = $"{host}:{port.ToString(CultureInfo.InvariantCulture)}";
        Libc.addrinfo hints = default;
        hints.ai_family = Libc.AF_UNSPEC;
        hints.ai_socktype = Libc.SOCK_STREAM;
        Libc.addrinfo* found = null;
        fixed (byte* node = CString.Of(host), service = CString.Of(port.ToString(CultureInfo.InvariantCulture)))
        {
            if (Libc.getaddrinfo(node, service, &hints, &found) != 0)
            {
                throw new LinuxException("getaddrinfo", host, Errno.ENOENT);
            }
        }

        try
        {
            int errno = Errno.EADDRNOTAVAIL;
            for (Libc.addrinfo* address = found; address != null; address = address->ai_next)
            {
                FileDescriptor descriptor = Create(address->ai_family, peer);
                if (Libc.connect(descriptor.Number, address->ai_addr, address->ai_addrlen) == 0)
                {
                    return new StreamSocket(descriptor, peer);
                }

                errno = Marshal.GetLastPInvokeError();
                descriptor.Dispose();
            }

            throw new LinuxException("connect", peer, errno);
        }
        finally
        {
            Libc.freeaddrinfo(found);
        }
    }

    /// <summary>Waits for bytes. 0: the peer ended its side. A reset counts as the end, as the peer is gone either way.</summary>
    public int Receive(Span<byte> into)
    {
        fixed (byte* buffer = into)
        {
            while (true)
            {
                nint got = Libc.recv(descriptor.Number, buffer, into.Length, 0);
                if (got >= 0)
                {
                    return (int)got;
                }

                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.ECONNRESET)
                {
                    return 0;
                }

                if (errno != Errno.EINTR)
                {
                    throw new LinuxException("recv", peer, errno);
                }
            }
        }
    }

    /// <summary>Sends everything, waiting as long as the peer is slow.</summary>
    public void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[Send(bytes, 0)..];
        }
    }

    /// <summary>Sends what fits now; 0 when nothing does.</summary>
    public int TrySend(ReadOnlySpan<byte> bytes) => Send(bytes, Libc.MSG_DONTWAIT);

    /// <summary>Ends our side; the peer may go on sending.</summary>
    public void ShutdownSend() => _ = Libc.shutdown(descriptor.Number, Libc.SHUT_WR);

    /// <summary>Ends both sides, so that a thread waiting in <see cref="Receive"/> wakes.</summary>
    public void Shutdown() => _ = Libc.shutdown(descriptor.Number, Libc.SHUT_RDWR);

    public void Dispose() => descriptor.Dispose();

    private static FileDescriptor Create(int family, string peer)
    {
        int fd = Libc.socket(family, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
        return fd < 0 ? throw LinuxException.Last("socket", peer) : new FileDescriptor(fd);
    }

    // MSG_NOSIGNAL: a peer that went away is an error to report, not a SIGPIPE to die of.
    private int Send(ReadOnlySpan<byte> bytes, int flags)
    {
        fixed (byte* buffer = bytes)
        {
            while (true)
            {
                nint sent = Libc.send(descriptor.Number, buffer, bytes.Length, flags | Libc.MSG_NOSIGNAL);
                if (sent >= 0)
                {
                    return (int)sent;
                }

                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.EAGAIN && flags != 0)
                {
                    return 0;
                }

                if (errno != Errno.EINTR)
                {
                    throw new LinuxException("send", peer, errno);
                }
            }
        }
    }
}
