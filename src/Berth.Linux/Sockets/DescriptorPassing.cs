using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>Descriptors over Unix sockets. unix(7), SCM_RIGHTS.</summary>
public static unsafe class DescriptorPassing
{
    /// <summary>Sends a copy of a descriptor, with a text beside it (a message needs one byte of data at least).</summary>
    public static void Send(FileDescriptor socket, FileDescriptor descriptor, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* data = bytes)
        {
            var part = new Libc.iovec { iov_base = data, iov_len = (nuint)bytes.Length };
            var control = new Libc.cmsg_descriptor { cmsg_len = 20, cmsg_level = Libc.SOL_SOCKET, cmsg_type = Libc.SCM_RIGHTS, descriptor = descriptor.Number };
            var message = new Libc.msghdr { msg_iov = &part, msg_iovlen = 1, msg_control = &control, msg_controllen = (nuint)sizeof(Libc.cmsg_descriptor) };
            if (Libc.sendmsg(socket.Number, &message, 0) < 0)
            {
                throw LinuxException.Last("sendmsg", text);
            }
        }
    }
}
