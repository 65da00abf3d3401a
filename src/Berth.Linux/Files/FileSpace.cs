using System.Runtime.InteropServices;

using Berth.Linux.Interop;

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

    /// <summary>Bytes that a file takes on the disk: less than its length where it has holes, more where room was reserved; 0 where there is none. statx(2).</summary>
    public static unsafe long Used(string path)
    {
        fixed (byte* name = CString.Of(path))
        {
            Libc.statx_t stat;
            int errno = Libc.statx(Libc.AT_FDCWD, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &stat) < 0 ? Marshal.GetLastPInvokeError() : 0;
            return errno switch
            {
                0 => (long)stat.stx_blocks * 512,
                Errno.ENOENT => 0,
                _ => throw new LinuxException("statx", path, errno),
            };
        }
    }
}
