using System.Runtime.InteropServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>One of the three descriptors a program starts with. Never closed by us; read and written without buffers.</summary>
public sealed unsafe class StandardStream
{
    private StandardStream(int number, string name)
    {
        Number = number;
        Name = name;
    }

    public static StandardStream Input { get; } = new(0, "standard input");

    public static StandardStream Output { get; } = new(1, "standard output");

    public static StandardStream Error { get; } = new(2, "standard error");

    public int Number { get; }

    public string Name { get; }

    /// <summary>0: the end. A terminal that hung up (EIO) counts as the end too.</summary>
    public int Read(Span<byte> into)
    {
        fixed (byte* buffer = into)
        {
            while (true)
            {
                nint got = Libc.read(Number, buffer, into.Length);
                if (got >= 0)
                {
                    return (int)got;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.EINTR:
                        continue;
                    case Errno.EAGAIN:
                        WaitFor(Libc.POLLIN);
                        continue;
                    case Errno.EIO:
                        return 0;
                    default:
                        throw LinuxException.Last("read", Name);
                }
            }
        }
    }

    public void WriteAll(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            fixed (byte* buffer = bytes)
            {
                nint wrote = Libc.write(Number, buffer, bytes.Length);
                if (wrote >= 0)
                {
                    bytes = bytes[(int)wrote..];
                    continue;
                }
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN: // whoever gave us the descriptor made it non-blocking (a shell's coprocess does)
                    WaitFor(Libc.POLLOUT);
                    continue;
                default:
                    throw LinuxException.Last("write", Name);
            }
        }
    }

    private void WaitFor(short events)
    {
        Libc.pollfd item = new() { fd = Number, events = events };
        _ = Libc.poll(&item, 1, -1);
    }
}
