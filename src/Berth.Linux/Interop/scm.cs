using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>sys/socket.h: passing descriptors; sys/signalfd.h.</summary>
public static unsafe partial class Libc
{
    public const int SCM_RIGHTS = 1;
    public const int MSG_CTRUNC = 0x8;
    public const int MSG_CMSG_CLOEXEC = 0x40000000;

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

    /// <summary>What a control message begins with; its data follow, padded to eight bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct cmsghdr
    {
        public nuint cmsg_len;
        public int cmsg_level;
        public int cmsg_type;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendmsg(int sockfd, msghdr* msg, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint recvmsg(int sockfd, msghdr* msg, int flags);

    /// <param name="mask">128 bytes: glibc's sigset_t.</param>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int signalfd(int fd, ulong* mask, int flags);
}
