using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>Calls with the address of a socket in the file system.</summary>
internal static unsafe class UnixAddress
{
    /// <summary>sun_path of sys/un.h, with its closing zero.</summary>
    private const int Longest = 108;

    /// <summary>Binds or connects a socket to a path of any length: one too long for sockaddr_un goes by way of its folder's descriptor.</summary>
    public static void Apply(FileDescriptor socket, string path, bool bind)
    {
        byte[] name = CString.Of(path);
        if (name.Length <= Longest)
        {
            Apply(socket, name, path, bind);
            return;
        }

        int slash = path.LastIndexOf('/');
        using FileDescriptor folder = FileDescriptor.Open(slash <= 0 ? "/" : path[..slash], Libc.O_PATH | Libc.O_DIRECTORY);
        Apply(socket, CString.Of($"/proc/self/fd/{folder.Number}/{path[(slash + 1)..]}"), path, bind);
    }

    private static void Apply(FileDescriptor socket, byte[] name, string path, bool bind)
    {
        if (name.Length > Longest)
        {
            throw new LinuxException(bind ? "bind" : "connect", path, Errno.ENAMETOOLONG);
        }

        Libc.sockaddr_un address = default;
        address.sun_family = Libc.AF_UNIX;
        name.CopyTo(new Span<byte>(address.sun_path, Longest));
        int result = bind
            ? Libc.bind(socket.Number, &address, (uint)sizeof(Libc.sockaddr_un))
            : Libc.connect(socket.Number, &address, (uint)sizeof(Libc.sockaddr_un));
        if (result < 0)
        {
            throw LinuxException.Last(bind ? "bind" : "connect", path);
        }
    }
}
