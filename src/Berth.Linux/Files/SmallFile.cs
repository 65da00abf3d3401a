using System.Runtime.InteropServices;
using System.Text;

using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Whole small files, mostly the kernel's own (/proc, /sys), without a stream around them.</summary>
public static unsafe class SmallFile
{
    /// <summary>The text of a file of at most <paramref name="limit"/> bytes.</summary>
    public static string Read(string path, int limit = 1 << 20) => Encoding.UTF8.GetString(ReadBytes(path, limit));

    /// <summary>Its bytes.</summary>
    public static byte[] ReadBytes(string path, int limit)
    {
        using FileDescriptor file = FileDescriptor.Open(path, Libc.O_RDONLY);
        return ReadBytes(file, path, limit);
    }

    /// <summary>As <see cref="Read"/>, or null where the file is missing or cannot be read.</summary>
    public static string? TryRead(string path, int limit = 1 << 20)
    {
        try
        {
            return Read(path, limit);
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    /// <summary>All bytes from the descriptor's position to the end; more than the limit is an error (EFBIG).</summary>
    public static byte[] ReadBytes(FileDescriptor file, string name, int limit)
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            fixed (byte* start = buffer)
            {
                nint n = Libc.read(file.Number, start + length, buffer.Length - length);
                if (n == 0)
                {
                    return buffer.AsSpan(0, length).ToArray();
                }

                if (n < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    throw LinuxException.Last("read", name);
                }

                length += (int)Math.Max(n, 0);
            }

            if (length > limit)
            {
                throw new LinuxException("read", name, Errno.EFBIG);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    /// <summary>Writes a text to a file that is there already, in one call: the kernel's files take a value only so.</summary>
    public static void Write(string path, string text)
    {
        using FileDescriptor file = FileDescriptor.Open(path, Libc.O_WRONLY);
        FileWrite.All(file, Encoding.UTF8.GetBytes(text), path);
    }
}
