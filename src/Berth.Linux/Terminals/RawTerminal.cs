using Berth.Linux.Interop;

namespace Berth.Linux.Terminals;

/// <summary>A terminal whose keys come one by one, unechoed and unchanged, until it is given back. termios(3), "raw mode".</summary>
public sealed unsafe class RawTerminal : IDisposable
{
    private readonly int descriptor;
    private Libc.ktermios before;
    private int restored;

    private RawTerminal(int descriptor, Libc.ktermios before)
    {
        this.descriptor = descriptor;
        this.before = before;
    }

    /// <summary>Null when the descriptor is no terminal.</summary>
    /// <param name="descriptor">Standard input or output.</param>
    /// <param name="keepOutput">Leaves output processing as it is (a newline still returns the carriage).</param>
    public static RawTerminal? Enter(int descriptor, bool keepOutput)
    {
        Libc.ktermios before;
        if (Libc.ioctl(descriptor, Libc.TCGETS, &before) != 0)
        {
            return null;
        }

        Libc.ktermios raw = before;
        raw.c_iflag &= ~(Libc.IGNBRK | Libc.BRKINT | Libc.PARMRK | Libc.ISTRIP | Libc.INLCR | Libc.IGNCR | Libc.ICRNL | Libc.IXON);
        raw.c_lflag &= ~(Libc.ECHO | Libc.ECHONL | Libc.ICANON | Libc.ISIG | Libc.IEXTEN);
        raw.c_cflag = (raw.c_cflag & ~(Libc.CSIZE | Libc.PARENB)) | Libc.CS8;
        if (!keepOutput)
        {
            raw.c_oflag &= ~Libc.OPOST;
        }

        raw.c_cc[Libc.VMIN] = 1;
        raw.c_cc[Libc.VTIME] = 0;
        return Libc.ioctl(descriptor, Libc.TCSETSW, &raw) == 0
            ? new RawTerminal(descriptor, before)
            : throw LinuxException.Last("ioctl TCSETSW", "terminal");
    }

    /// <summary>Gives the terminal back as it was; only the first call does anything, from whatever thread.</summary>
    public void Restore()
    {
        if (Interlocked.Exchange(ref restored, 1) == 0)
        {
            fixed (Libc.ktermios* state = &before)
            {
                _ = Libc.ioctl(descriptor, Libc.TCSETSW, state);
            }
        }
    }

    public void Dispose() => Restore();
}
