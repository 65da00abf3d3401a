using System.Runtime.InteropServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Reading from a descriptor without a stream around it.</summary>
public static unsafe class FileRead
{
    /// <summary>Fills a buffer from a place in the file; less only at its end. pread(2).</summary>
    public static int Full(FileDescriptor file, Span<byte> buffer, long offset, string name)
    {
        int done = 0;
        fixed (byte* start = buffer)
        {
            while (done < buffer.Length)
            {
                nint n = Libc.pread(file.Number, start + done, buffer.Length - done, offset + done);
                if (n == 0)
                {
                    break;
                }

                if (n > 0)
                {
                    done += (int)n;
                }
                else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    throw LinuxException.Last("pread", name);
                }
            }
        }

        return done;
    }
}
