using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>linux/filter.h, asm-generic/socket.h: classic BPF on a socket.</summary>
public static unsafe partial class Libc
{
    public const int SO_ATTACH_FILTER = 26;

    [StructLayout(LayoutKind.Sequential)]
    public struct socket_filter
    {
        public ushort code;
        public byte jt;
        public byte jf;
        public uint k;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct socket_fprog
    {
        public ushort len;
        public socket_filter* filter;
    }
}
