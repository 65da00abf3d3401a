using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Pty;

/// <summary>Calls on the master of a pseudo-terminal. pty(7), ioctl_tty(2).</summary>
public static unsafe class PseudoTerminal
{
    /// <summary>Sets the size; the foreground process group gets SIGWINCH when it changed.</summary>
    public static void Resize(FileDescriptor master, ushort rows, ushort columns)
    {
        var size = new Libc.winsize { ws_row = rows, ws_col = columns };
        if (Libc.ioctl(master.Number, Libc.TIOCSWINSZ, &size) < 0)
        {
            throw LinuxException.Last("ioctl(TIOCSWINSZ)", "the terminal");
        }
    }

    /// <summary>Rows and columns as they are now.</summary>
    public static (ushort Rows, ushort Columns) Size(FileDescriptor master)
    {
        Libc.winsize size = default;
        return Libc.ioctl(master.Number, Libc.TIOCGWINSZ, &size) < 0
            ? throw LinuxException.Last("ioctl(TIOCGWINSZ)", "the terminal")
            : (size.ws_row, size.ws_col);
    }

    /// <summary>Opens the slave by the master alone (TIOCGPTPEER): no path is looked up that a container could have replaced.</summary>
    public static FileDescriptor OpenPeer(FileDescriptor master)
    {
        int fd = Libc.ioctl(master.Number, Libc.TIOCGPTPEER, (nint)(Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC));
        return fd < 0 ? throw LinuxException.Last("ioctl(TIOCGPTPEER)", "the terminal's master") : new FileDescriptor(fd);
    }

    /// <summary>Unlocks the slave, as unlockpt(3) does.</summary>
    public static void Unlock(FileDescriptor master)
    {
        int locked = 0;
        if (Libc.ioctl(master.Number, Libc.TIOCSPTLCK, &locked) < 0)
        {
            throw LinuxException.Last("ioctl(TIOCSPTLCK)", "the terminal's master");
        }
    }

    /// <summary>A new pseudo-terminal of the caller's own devpts, unlocked.</summary>
    public static FileDescriptor OpenMaster()
    {
        FileDescriptor master = FileDescriptor.Open("/dev/ptmx", Libc.O_RDWR | Libc.O_NOCTTY);
        try
        {
            Unlock(master);
            return master;
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }
}
