namespace Berth.Linux.Interop;

/// <summary>asm-generic/socket.h: classic BPF on a socket. The program's structures lie beside seccomp's.</summary>
public static unsafe partial class Libc
{
    public const int SO_ATTACH_FILTER = 26;
}
