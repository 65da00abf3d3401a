using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>The two ends of a pipe, both close-on-exec and blocking. pipe2(2).</summary>
public sealed unsafe class Pipe : IDisposable
{
    public Pipe()
    {
        int* ends = stackalloc int[2];
        if (Libc.pipe2(ends, Libc.O_CLOEXEC) < 0)
        {
            throw LinuxException.Last("pipe2", "a pipe");
        }

        Reader = new FileDescriptor(ends[0]);
        Writer = new FileDescriptor(ends[1]);
    }

    public FileDescriptor Reader { get; }

    public FileDescriptor Writer { get; }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }
}
