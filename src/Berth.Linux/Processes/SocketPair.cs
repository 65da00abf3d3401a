using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Processes;

/// <summary>Two connected Unix stream sockets.</summary>
public static unsafe class SocketPair
{
    public static (FileDescriptor Ours, FileDescriptor Theirs) Create()
    {
        int* pair = stackalloc int[2];
        if (Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, pair) != 0)
        {
            throw LinuxException.Last("socketpair", "");
        }

        return (new FileDescriptor(pair[0]), new FileDescriptor(pair[1]));
    }
}
