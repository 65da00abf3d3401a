using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Where on the disk a file system puts folders.</summary>
public static unsafe class FolderPlacement
{
    /// <summary>
    /// Tells ext4 that this folder's subfolders have nothing to do with each other: each new one begins in a block group of its own that has much
    /// room, in place of the parent's (chattr(1), "T"). Many files can then be made side by side without contending for one group, and far from files
    /// that were just deleted: without a journal ext4 passes over each inode that was deleted within the last minutes, one by one, for each new file
    /// (linux: fs/ext4/ialloc.c, recently_deleted), which makes the same layer take ten times as long. Promises nothing by itself, so a file system
    /// without this attribute is no error.
    /// </summary>
    public static void SpreadSubfolders(FileDescriptor folder)
    {
        int flags = 0;
        if (Libc.ioctl(folder.Number, Libc.FS_IOC_GETFLAGS, &flags) == 0 && (flags & Libc.FS_TOPDIR_FL) == 0)
        {
            flags |= Libc.FS_TOPDIR_FL;
            _ = Libc.ioctl(folder.Number, Libc.FS_IOC_SETFLAGS, &flags);
        }
    }
}
