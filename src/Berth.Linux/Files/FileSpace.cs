using System.Runtime.InteropServices;

using Berth.Linux.Interop;
using Berth.Linux.Trees;

namespace Berth.Linux.Files;

/// <summary>Room on the disk for a file.</summary>
public static class FileSpace
{
    /// <summary>Takes the room for a file's first bytes without changing its length; what has room already is left alone. fallocate(2).</summary>
    /// <param name="file">Open for writing.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="name">What the error calls it.</param>
    /// <returns>False: this file system cannot.</returns>
    public static bool TryReserve(SafeHandle file, long length, string name)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            while (Libc.fallocate((int)file.DangerousGetHandle(), Libc.FALLOC_FL_KEEP_SIZE, 0, length) < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno is Errno.EOPNOTSUPP or Errno.ENOSYS)
                {
                    return false;
                }

                if (errno != Errno.EINTR)
                {
                    throw new LinuxException("fallocate", name, errno);
                }
            }

            return true;
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Bytes that anybody can still write on the file system of a folder. fstatfs(2).</summary>
    public static unsafe long Free(string folder)
    {
        using FileDescriptor opened = FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY);
        Libc.statfs_data data;
        return Libc.fstatfs(opened.Number, &data) == 0 ? (long)data.f_bavail * data.f_bsize : throw LinuxException.Last("fstatfs", folder);
    }

    /// <summary>Bytes that a file takes on the disk: less than its length where it has holes, more where room was reserved. statx(2).</summary>
    /// <exception cref="LinuxException">ENOENT: there is none.</exception>
    public static long Used(string path)
    {
        using FileDescriptor file = FileDescriptor.Open(path, Libc.O_PATH | Libc.O_NOFOLLOW);
        int errno = TreeCalls.Stat(file, [], out TreeStat stat);
        return errno == 0 ? stat.Blocks * 512 : throw new LinuxException("statx", path, errno);
    }
}
