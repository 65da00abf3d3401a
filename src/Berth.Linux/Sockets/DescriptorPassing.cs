using System.Runtime.InteropServices;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>Descriptors over Unix sockets. unix(7), SCM_RIGHTS.</summary>
public static unsafe class DescriptorPassing
{
    /// <summary>SCM_MAX_FD of the kernel (net/scm.h): the most that one message may carry.</summary>
    public const int MostInOneMessage = 253;

    private const int HeaderSize = 16;

    /// <summary>Sends a copy of a descriptor, with a text beside it (a message needs one byte of data at least).</summary>
    public static void Send(FileDescriptor socket, FileDescriptor descriptor, string text)
    {
        if (Send(socket.Number, Encoding.UTF8.GetBytes(text), [descriptor]) < 0)
        {
            throw LinuxException.Last("sendmsg", text);
        }
    }

    /// <summary>Sends bytes, at least one, with copies of descriptors: they arrive with the first of the bytes.</summary>
    /// <param name="socket">The number of a Unix stream socket.</param>
    /// <param name="bytes">What was not sent can be sent on without descriptors.</param>
    /// <param name="descriptors">At most <see cref="MostInOneMessage"/>; they stay the caller's.</param>
    /// <returns>How many bytes were sent.</returns>
    public static int SendAll(int socket, ReadOnlySpan<byte> bytes, IReadOnlyList<FileDescriptor> descriptors)
    {
        int sent = Send(socket, bytes, descriptors);
        return sent >= 0 ? sent : throw LinuxException.Last("sendmsg", $"{descriptors.Count} descriptors");
    }

    /// <summary>Reads as <see cref="Polling.NonBlocking.Read"/> does, and takes the descriptors that come with the bytes, close-on-exec.</summary>
    /// <param name="socket">A Unix socket; not waited for.</param>
    /// <param name="into">For the bytes.</param>
    /// <param name="received">They are added to it, and the caller's.</param>
    /// <param name="lost">There were some that this process may not have (RLIMIT_NOFILE); the kernel closed them.</param>
    /// <returns>Bytes read, 0 at the end of file, or the negative errno.</returns>
    public static int Receive(FileDescriptor socket, Span<byte> into, List<FileDescriptor> received, out bool lost)
    {
        const int size = HeaderSize + (MostInOneMessage * sizeof(int)) + 4;
        byte* control = stackalloc byte[size];
        fixed (byte* buffer = into)
        {
            var part = new Libc.iovec { iov_base = buffer, iov_len = (nuint)into.Length };
            var message = new Libc.msghdr { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = size };
            nint n;
            do
            {
                n = Libc.recvmsg(socket.Number, &message, Libc.MSG_DONTWAIT | Libc.MSG_CMSG_CLOEXEC);
            }
            while (n < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            lost = n >= 0 && (message.msg_flags & Libc.MSG_CTRUNC) != 0;
            if (n < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }

            var header = (Libc.cmsghdr*)control;
            if (message.msg_controllen >= HeaderSize && header->cmsg_level == Libc.SOL_SOCKET && header->cmsg_type == Libc.SCM_RIGHTS)
            {
                foreach (int number in new ReadOnlySpan<int>(control + HeaderSize, ((int)header->cmsg_len - HeaderSize) / sizeof(int)))
                {
                    received.Add(new FileDescriptor(number));
                }
            }

            return (int)n;
        }
    }

    private static int Send(int socket, ReadOnlySpan<byte> bytes, IReadOnlyList<FileDescriptor> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Count, MostInOneMessage);
        byte* control = stackalloc byte[HeaderSize + (MostInOneMessage * sizeof(int)) + 4];
        int length = HeaderSize + (descriptors.Count * sizeof(int));
        *(Libc.cmsghdr*)control = new Libc.cmsghdr { cmsg_len = (nuint)length, cmsg_level = Libc.SOL_SOCKET, cmsg_type = Libc.SCM_RIGHTS };
        for (int i = 0; i < descriptors.Count; i++)
        {
            ((int*)(control + HeaderSize))[i] = descriptors[i].Number;
        }

        fixed (byte* data = bytes)
        {
            var part = new Libc.iovec { iov_base = data, iov_len = (nuint)bytes.Length };
            bool none = descriptors.Count == 0;
            var message = new Libc.msghdr { msg_iov = &part, msg_iovlen = 1, msg_control = none ? null : control, msg_controllen = none ? 0 : (nuint)((length + 7) & ~7) };
            nint n;
            do
            {
                n = Libc.sendmsg(socket, &message, Libc.MSG_NOSIGNAL);
            }
            while (n < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            GC.KeepAlive(descriptors);
            return (int)n;
        }
    }
}
