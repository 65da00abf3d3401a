using System.Runtime.InteropServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>
/// A pipe through which bytes go from one socket to another without being copied to this process: splice(2). Counts what it holds.
/// Non-blocking; outcomes are values as in <see cref="Polling.NonBlocking"/>.
/// </summary>
public sealed unsafe class SplicePipe : IDisposable
{
    private readonly FileDescriptor _reader;
    private readonly FileDescriptor _writer;

    private SplicePipe(int reader, int writer)
    {
        _reader = new FileDescriptor(reader);
        _writer = new FileDescriptor(writer);
    }

    /// <summary>Bytes that are in it.</summary>
    public int Held { get; private set; }

    /// <summary>Makes one; null where there are too many descriptors already, or too little memory.</summary>
    /// <param name="size">Bytes it should hold; one that may not be that large keeps the size it has.</param>
    public static SplicePipe? TryCreate(int size)
    {
        int* ends = stackalloc int[2];
        if (Libc.pipe2(ends, Libc.O_CLOEXEC | Libc.O_NONBLOCK) < 0)
        {
            return null;
        }

        _ = Libc.fcntl(ends[1], Libc.F_SETPIPE_SZ, size); // EPERM: over fs.pipe-max-size
        return new SplicePipe(ends[0], ends[1]);
    }

    /// <summary>Moves bytes from a socket into the pipe: how many, 0 at the end, or the negative errno (-EAGAIN: none there, or the pipe is full).</summary>
    public int Fill(FileDescriptor from, int most)
    {
        int n = Splice(from.Number, _writer.Number, most);
        Held += Math.Max(n, 0);
        return n;
    }

    /// <summary>Moves bytes from the pipe to a socket: how many, or the negative errno.</summary>
    public int Drain(FileDescriptor to)
    {
        int n = Splice(_reader.Number, to.Number, Held);
        Held -= Math.Max(n, 0);
        return n;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
    }

    private static int Splice(int from, int to, int most)
    {
        nint n;
        do
        {
            n = Libc.splice(from, null, to, null, (nuint)most, Libc.SPLICE_F_MOVE | Libc.SPLICE_F_NONBLOCK);
        }
        while (n < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

        return n < 0 ? -Marshal.GetLastPInvokeError() : (int)n;
    }
}
