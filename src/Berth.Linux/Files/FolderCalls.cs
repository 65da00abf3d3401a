using System.Runtime.InteropServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Small calls on open folders and files whose errno callers branch on.</summary>
public static unsafe class FolderCalls
{
    /// <summary>Makes a folder inside another; answers 0 or the errno. mkdirat(2): a symlink of that name is EEXIST, never followed.</summary>
    public static int Make(FileDescriptor folder, string name, uint mode)
    {
        fixed (byte* text = CString.Of(name))
        {
            return Libc.mkdirat(folder.Number, text, mode) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    /// <summary>Whether an open descriptor is a regular file.</summary>
    public static bool IsRegularFile(FileDescriptor file)
    {
        const ushort TypeMask = 0xF000, Regular = 0x8000; // S_IFMT, S_IFREG: inode(7)
        return Status(file, "", Libc.AT_EMPTY_PATH, out Libc.statx_t status) && (status.stx_mode & TypeMask) == Regular;
    }

    /// <summary>A device's type ("c" or "b") and numbers; null where the path is something else or is not there. Symlinks are followed.</summary>
    public static (string Type, long Major, long Minor, uint Mode, uint Uid, uint Gid)? Device(string path)
    {
        const ushort TypeMask = 0xF000, Character = 0x2000, Block = 0x6000;
        if (!Status(null, path, 0, out Libc.statx_t status) || (status.stx_mode & TypeMask) is not (Character or Block))
        {
            return null;
        }

        return ((status.stx_mode & TypeMask) == Character ? "c" : "b", status.stx_rdev_major, status.stx_rdev_minor, (uint)(status.stx_mode & 0x1FF), status.stx_uid, status.stx_gid);
    }

    private static bool Status(FileDescriptor? folder, string path, int flags, out Libc.statx_t status)
    {
        fixed (byte* text = CString.Of(path))
        fixed (Libc.statx_t* into = &status)
        {
            return Libc.statx(folder?.Number ?? Libc.AT_FDCWD, text, flags, Libc.STATX_BASIC_STATS, into) == 0;
        }
    }
}
