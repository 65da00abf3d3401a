using System.Runtime.InteropServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>
/// A program started with a standard stream closed (<c>berth ps &gt;&amp;-</c>): the next file it opens gets the stream's number, and what it reads
/// or prints goes there. .NET's start opens /dev/urandom, before any code of ours.
/// </summary>
public static unsafe class ClosedStreams
{
    private const int LongestVector = 16 << 20; // the kernel takes 6 MiB (execve(2), "Limits on size of arguments and environment")

    /// <summary>
    /// Call first. Puts /dev/null on each closed stream and executes the program anew; with all three open it does nothing. What is inherited
    /// is never close-on-exec, what .NET opens always is: so they are told apart.
    /// </summary>
    public static void Replace()
    {
        if (IsInherited(0) && IsInherited(1) && IsInherited(2))
        {
            return;
        }

        // Read before, and as bytes: once a descriptor of .NET's is gone, nothing may happen that needs it.
        byte[] arguments = SmallFile.ReadBytes("/proc/self/cmdline", LongestVector), environment = SmallFile.ReadBytes("/proc/self/environ", LongestVector);
        byte** argv = Vector(arguments), envp = Vector(environment);
        fixed (byte* nothing = CString.Of("/dev/null"), self = CString.Of("/proc/self/exe"))
        {
            for (int stream = 0; stream <= 2; stream++)
            {
                if (!IsInherited(stream))
                {
                    int opened = Libc.openat(Libc.AT_FDCWD, nothing, Libc.O_RDWR | Libc.O_CLOEXEC, 0);
                    _ = opened == stream ? Libc.fcntl(stream, Libc.F_SETFD, 0) : Libc.dup3(opened, stream, 0);
                }
            }

            _ = Libc.execveat(Libc.AT_FDCWD, self, argv, envp, 0);
            throw LinuxException.Last("execve", "/proc/self/exe, after a standard stream was closed");
        }
    }

    private static bool IsInherited(int stream)
    {
        int flags = Libc.fcntl(stream, Libc.F_GETFD, 0);
        return flags >= 0 && (flags & Libc.FD_CLOEXEC) == 0;
    }

    // Never freed: the program ends here, in one way or the other.
    private static byte** Vector(byte[] strings)
    {
        int count = strings.AsSpan().Count((byte)0);
        var vector = (byte**)NativeMemory.AllocZeroed((nuint)(count + 1), (nuint)sizeof(byte*));
        byte* text = (byte*)NativeMemory.Alloc((nuint)strings.Length + 1);
        strings.CopyTo(new Span<byte>(text, strings.Length));
        for (int i = 0, at = 0; i < count; i++)
        {
            vector[i] = text + at;
            at += strings.AsSpan(at).IndexOf((byte)0) + 1;
        }

        return vector;
    }
}
