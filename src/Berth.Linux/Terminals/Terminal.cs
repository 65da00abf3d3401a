using Berth.Linux.Interop;

namespace Berth.Linux.Terminals;

/// <summary>Questions to the terminal behind a descriptor. ioctl_tty(2).</summary>
public static unsafe class Terminal
{
    public static bool Is(int descriptor)
    {
        Libc.ktermios now;
        return Libc.ioctl(descriptor, Libc.TCGETS, &now) == 0;
    }

    /// <summary>Its rows and columns; null when there is no terminal or it does not know (0 by 0).</summary>
    public static TerminalSize? Size(int descriptor)
    {
        Libc.winsize size;
        return Libc.ioctl(descriptor, Libc.TIOCGWINSZ, &size) == 0 && (size.ws_row | size.ws_col) != 0
            ? new TerminalSize(size.ws_row, size.ws_col)
            : null;
    }
}
