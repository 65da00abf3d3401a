using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>sys/socket.h: passing descriptors; sys/signalfd.h.</summary>
public static unsafe partial class Libc
{
    public const int SCM_RIGHTS = 1;

    [StructLayout(LayoutKind.Sequential)]
    public struct msghdr
    {
        public void* msg_name;
        public uint msg_namelen;
        public iovec* msg_iov;
        public nuint msg_iovlen;
        public void* msg_control;
        public nuint msg_controllen;
        public int msg_flags;
    }

    /// <summary>A control message with one descriptor; its last four bytes are padding.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct cmsg_descriptor
    {
        public nuint cmsg_len;
        public int cmsg_level;
        public int cmsg_type;
        public int descriptor;
        public int padding;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendmsg(int sockfd, msghdr* msg, int flags);

    /// <param name="mask">128 bytes: glibc's sigset_t.</param>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int signalfd(int fd, ulong* mask, int flags);
}
