using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>sys/mount.h and linux/mount.h.</summary>
public static unsafe partial class Libc
{
    public const uint MS_RDONLY = 1;
    public const uint MS_NOSUID = 2;
    public const uint MS_NODEV = 4;
    public const uint MS_NOEXEC = 8;
    public const uint MS_SYNCHRONOUS = 0x10;
    public const uint MS_REMOUNT = 0x20;
    public const uint MS_MANDLOCK = 0x40;
    public const uint MS_DIRSYNC = 0x80;
    public const uint MS_NOSYMFOLLOW = 0x100;
    public const uint MS_NOATIME = 0x400;
    public const uint MS_NODIRATIME = 0x800;
    public const uint MS_BIND = 0x1000;
    public const uint MS_REC = 0x4000;
    public const uint MS_SILENT = 0x8000;
    public const uint MS_UNBINDABLE = 0x20000;
    public const uint MS_PRIVATE = 0x40000;
    public const uint MS_SLAVE = 0x80000;
    public const uint MS_SHARED = 0x100000;
    public const uint MS_RELATIME = 0x200000;
    public const uint MS_I_VERSION = 0x800000;
    public const uint MS_STRICTATIME = 0x1000000;
    public const uint MS_LAZYTIME = 0x2000000;

    public const int MNT_DETACH = 2;

    public const uint MOUNT_ATTR_RDONLY = 0x1;
    public const uint MOUNT_ATTR_NOSUID = 0x2;
    public const uint MOUNT_ATTR_NODEV = 0x4;
    public const uint MOUNT_ATTR_NOEXEC = 0x8;
    public const uint MOUNT_ATTR__ATIME = 0x70;
    public const uint MOUNT_ATTR_RELATIME = 0x0;
    public const uint MOUNT_ATTR_NOATIME = 0x10;
    public const uint MOUNT_ATTR_STRICTATIME = 0x20;
    public const uint MOUNT_ATTR_NODIRATIME = 0x80;
    public const uint MOUNT_ATTR_NOSYMFOLLOW = 0x200000;

    public const int AT_RECURSIVE = 0x8000;
    public const int OPEN_TREE_CLONE = 1;
    public const int OPEN_TREE_CLOEXEC = O_CLOEXEC;
    public const int MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    public const int MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    // The same on x86-64 and arm64, as all numbers from 424 on.
    public const int SYS_open_tree = 428;
    public const int SYS_move_mount = 429;
    public const int SYS_mount_setattr = 442;

    /// <summary>linux/mount.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct mount_attr
    {
        public ulong attr_set;
        public ulong attr_clr;
        public ulong propagation;
        public ulong userns_fd;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint open_tree(nint number, nint dirfd, byte* filename, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint move_mount(nint number, nint fromDirfd, byte* fromPathname, nint toDirfd, byte* toPathname, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint mount_setattr(nint number, nint dirfd, byte* pathname, nint flags, mount_attr* attr, nint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int umount2(byte* target, int flags);
}
