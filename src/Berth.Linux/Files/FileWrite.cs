using System.Runtime.InteropServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Writing to a descriptor without a stream around it.</summary>
public static unsafe class FileWrite
{
    /// <summary>Writes all bytes at the descriptor's position. write(2).</summary>
    public static void All(FileDescriptor file, ReadOnlySpan<byte> bytes, string name)
    {
        fixed (byte* start = bytes)
        {
            int done = 0;
            while (done < bytes.Length)
            {
                nint n = Libc.write(file.Number, start + done, bytes.Length - done);
                if (n >= 0)
                {
                    done += (int)n;
                }
                else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    throw LinuxException.Last("write", name);
                }
            }
        }
    }
}
