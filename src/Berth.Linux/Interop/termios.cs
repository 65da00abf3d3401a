using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>Terminals: asm-generic/ioctls.h, the same on x86-64 and arm64.</summary>
public static unsafe partial class Libc
{
    public const int TIOCSCTTY = 0x540E;
    public const int TIOCGWINSZ = 0x5413;
    public const int TIOCSWINSZ = 0x5414;
    public const int TIOCSPTLCK = 0x40045431;

    /// <summary>Opens the slave of a master without a path, so without anything that a container could have put there. ioctl_tty(2).</summary>
    public const int TIOCGPTPEER = 0x5441;

    [StructLayout(LayoutKind.Sequential)]
    public struct winsize
    {
        public ushort ws_row;
        public ushort ws_col;
        public ushort ws_xpixel;
        public ushort ws_ypixel;
    }
}
