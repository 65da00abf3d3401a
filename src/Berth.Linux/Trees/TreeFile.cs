using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>A regular file being written below a <see cref="TreeWriter"/>'s root.</summary>
public sealed unsafe class TreeFile : IDisposable
{
    private readonly FileDescriptor _file;
    private readonly byte[] _path;

    internal TreeFile(FileDescriptor file, byte[] path) => (_file, _path) = (file, path);

    /// <summary>Writes at an offset; what is left out becomes a hole.</summary>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            int done = 0;
            while (done < bytes.Length)
            {
                nint n = Libc.pwrite(_file.Number, start + done, bytes.Length - done, offset + done);
                if (n >= 0)
                {
                    done += (int)n;
                }
                else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    throw LinuxException.Last("pwrite", TreeName.Show(_path));
                }
            }
        }
    }

    /// <summary>Sets length and attributes. Last, since writing clears setuid and capabilities and sets the time.</summary>
    public void Finish(long length, TreeAttributes attributes)
    {
        Check(Libc.ftruncate(_file.Number, (nint)length), "ftruncate");
        TreeWriter.Apply(_file, _path, attributes);
        Libc.utime* times = stackalloc Libc.utime[2];
        times[0] = times[1] = new Libc.utime { tv_sec = attributes.Seconds, tv_nsec = attributes.Nanoseconds };
        Check(Libc.futimens(_file.Number, times), "futimens");
    }

    public void Dispose() => _file.Dispose();

    private void Check(int result, string call)
    {
        if (result < 0)
        {
            throw LinuxException.Last(call, TreeName.Show(_path));
        }
    }
}
