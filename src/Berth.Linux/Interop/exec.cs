using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>unistd.h: becoming another program.</summary>
public static unsafe partial class Libc
{
    [LibraryImport("libc", SetLastError = true)]
    public static partial int execveat(int dirfd, byte* pathname, byte** argv, byte** envp, int flags);
}
