using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Polling;

/// <summary>
/// Reads and writes for a loop that must never wait. Outcomes are values, since every one of them is ordinary there:
/// zero or more bytes, or the errno made negative (-EAGAIN: not now).
/// </summary>
public static unsafe class NonBlocking
{
    /// <summary>Makes a descriptor non-blocking. The mode belongs to the open file, so others that hold it see it too.</summary>
    public static void Set(FileDescriptor descriptor)
    {
        int flags = Libc.fcntl(descriptor.Number, Libc.F_GETFL, 0);
        if (flags < 0 || Libc.fcntl(descriptor.Number, Libc.F_SETFL, flags | Libc.O_NONBLOCK) < 0)
        {
            throw LinuxException.Last("fcntl", $"descriptor {descriptor.Number}");
        }
    }

    /// <summary>read(2): bytes read, 0 at the end of file, or the negative errno.</summary>
    public static int Read(FileDescriptor descriptor, Span<byte> into)
    {
        fixed (byte* buffer = into)
        {
            nint n;
            do
            {
                n = Libc.read(descriptor.Number, buffer, into.Length);
            }
            while (n < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            return n < 0 ? -Marshal.GetLastPInvokeError() : (int)n;
        }
    }

    /// <summary>write(2): bytes written, or the negative errno.</summary>
    public static int Write(FileDescriptor descriptor, ReadOnlySpan<byte> from)
    {
        fixed (byte* buffer = from)
        {
            nint n;
            do
            {
                n = Libc.write(descriptor.Number, buffer, from.Length);
            }
            while (n < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            return n < 0 ? -Marshal.GetLastPInvokeError() : (int)n;
        }
    }

    /// <summary>Both spans in one writev(2), so that a reader sees a header with its body: bytes written in all, or the negative errno.</summary>
    public static int Write(FileDescriptor descriptor, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* one = first)
        fixed (byte* two = second)
        {
            Libc.iovec* parts = stackalloc Libc.iovec[2];
            parts[0] = new Libc.iovec { iov_base = one, iov_len = (nuint)first.Length };
            parts[1] = new Libc.iovec { iov_base = two, iov_len = (nuint)second.Length };
            nint n;
            do
            {
                n = Libc.writev(descriptor.Number, parts, 2);
            }
            while (n < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            return n < 0 ? -Marshal.GetLastPInvokeError() : (int)n;
        }
    }
}
