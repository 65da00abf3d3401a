using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>The one class of P/Invokes, in one partial file a C header. Names and types are C's.</summary>
public static unsafe partial class Libc
{
    [DllImport("libc"), SuppressGCTransition]
    public static extern nint syscall(nint number, nint a0, nint a1, nint a2, nint a3, nint a4, nint a5);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int* __errno_location();
}
