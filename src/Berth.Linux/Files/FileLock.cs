using System.Runtime.InteropServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Locks on whole files that go with the descriptor. flock(2).</summary>
public static class FileLock
{
    /// <summary>Takes the exclusive lock; false when somebody else holds it.</summary>
    public static bool TryTake(FileDescriptor file, string name)
    {
        if (Libc.flock(file.Number, Libc.LOCK_EX | Libc.LOCK_NB) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == Errno.EAGAIN ? false : throw LinuxException.Last("flock", name);
    }

    /// <summary>Takes the exclusive lock, however long that takes.</summary>
    public static void Take(FileDescriptor file, string name)
    {
        while (Libc.flock(file.Number, Libc.LOCK_EX) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw LinuxException.Last("flock", name);
            }
        }
    }
}
