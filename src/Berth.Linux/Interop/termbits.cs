using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>Line discipline: asm-generic/termbits.h and ioctls.h, the same on x86-64 and arm64.</summary>
public static unsafe partial class Libc
{
    public const int TCGETS = 0x5401;
    public const int TCSETSW = 0x5403;

    public const uint IGNBRK = 0x1, BRKINT = 0x2, PARMRK = 0x8, ISTRIP = 0x20, INLCR = 0x40, IGNCR = 0x80, ICRNL = 0x100, IXON = 0x400;
    public const uint OPOST = 0x1;
    public const uint ISIG = 0x1, ICANON = 0x2, ECHO = 0x8, ECHONL = 0x40, IEXTEN = 0x8000;
    public const uint CSIZE = 0x30, CS8 = 0x30, PARENB = 0x100;
    public const int VTIME = 5, VMIN = 6;

    /// <summary>struct termios of the kernel, which is not that of the C library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ktermios
    {
        public uint c_iflag;
        public uint c_oflag;
        public uint c_cflag;
        public uint c_lflag;
        public byte c_line;
        public fixed byte c_cc[19];
    }
}
