using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

public static unsafe partial class Libc
{
    public const int AF_UNSPEC = 0;
    public const int MSG_NOSIGNAL = 0x4000;

    /// <summary>netdb.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct addrinfo
    {
        public int ai_flags;
        public int ai_family;
        public int ai_socktype;
        public int ai_protocol;
        public uint ai_addrlen;
        public void* ai_addr;
        public byte* ai_canonname;
        public addrinfo* ai_next;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getaddrinfo(byte* node, byte* service, addrinfo* hints, addrinfo** res);

    [LibraryImport("libc")]
    public static partial void freeaddrinfo(addrinfo* res);
}
