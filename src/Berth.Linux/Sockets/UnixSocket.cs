using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>Stream sockets of the Unix domain; all close-on-exec.</summary>
public static unsafe class UnixSocket
{
    /// <summary>Listens at a path that only root may connect to (mode 0600 from the first moment). What lies there is replaced.</summary>
    /// <param name="path">A path of any length.</param>
    /// <param name="backlog">Connections that may wait to be accepted.</param>
    /// <returns>A non-blocking listening socket.</returns>
    public static FileDescriptor Listen(string path, int backlog)
    {
        FileDescriptor listener = New(Libc.SOCK_NONBLOCK);
        uint before = Libc.umask(0x7F); // 0177: bind(2) makes the file with what the mask leaves
        try
        {
            fixed (byte* name = CString.Of(path))
            {
                if (Libc.unlink(name) < 0 && Marshal.GetLastPInvokeError() != Errno.ENOENT)
                {
                    throw LinuxException.Last("unlink", path);
                }
            }

            UnixAddress.Apply(listener, path, bind: true);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
        finally
        {
            _ = Libc.umask(before);
        }

        if (Libc.listen(listener.Number, backlog) < 0)
        {
            LinuxException failure = LinuxException.Last("listen", path);
            listener.Dispose();
            throw failure;
        }

        return listener;
    }

    /// <summary>Takes the next connection, non-blocking; null when none waits, or the one that did is gone or cannot be had (too many descriptors).</summary>
    public static FileDescriptor? TryAccept(FileDescriptor listener)
    {
        int fd = Libc.accept4(listener.Number, null, null, Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK);
        return fd < 0 ? null : new FileDescriptor(fd);
    }

    /// <summary>Connects to a listening socket; blocking.</summary>
    public static FileDescriptor Connect(string path)
    {
        FileDescriptor socket = New(0);
        try
        {
            UnixAddress.Apply(socket, path, bind: false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Two sockets connected with each other; blocking.</summary>
    public static (FileDescriptor One, FileDescriptor Other) Pair()
    {
        int* ends = stackalloc int[2];
        if (Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, ends) < 0)
        {
            throw LinuxException.Last("socketpair", "a pair of Unix sockets");
        }

        return (new FileDescriptor(ends[0]), new FileDescriptor(ends[1]));
    }

    /// <summary>Ends what the peer can read; reading goes on. False when the peer is gone already or it is no socket.</summary>
    public static bool ShutdownWrite(FileDescriptor socket) => Libc.shutdown(socket.Number, Libc.SHUT_WR) == 0;

    /// <summary>Ends both directions; bytes that arrived can still be read. False when the peer is gone already or it is no socket.</summary>
    public static bool ShutdownBoth(FileDescriptor socket) => Libc.shutdown(socket.Number, Libc.SHUT_RDWR) == 0;

    private static FileDescriptor New(int flags)
    {
        int fd = Libc.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | flags, 0);
        return fd < 0 ? throw LinuxException.Last("socket", "AF_UNIX") : new FileDescriptor(fd);
    }
}
