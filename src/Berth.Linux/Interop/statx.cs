using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>linux/stat.h, sys/stat.h: the …at forms.</summary>
public static unsafe partial class Libc
{
    public const uint S_IFMT = 0xF000;
    public const uint S_IFSOCK = 0xC000;
    public const uint S_IFLNK = 0xA000;
    public const uint S_IFREG = 0x8000;
    public const uint S_IFBLK = 0x6000;
    public const uint S_IFDIR = 0x4000;
    public const uint S_IFCHR = 0x2000;
    public const uint S_IFIFO = 0x1000;

    public const uint STATX_BASIC_STATS = 0x7FF;

    /// <summary>For tv_nsec of utimensat(2): leave this time as it is.</summary>
    public const long UTIME_OMIT = 0x3FFFFFFE;

    [StructLayout(LayoutKind.Sequential)]
    public struct statx_timestamp
    {
        public long tv_sec;
        public uint tv_nsec;
        public int reserved;
    }

    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct statx_t
    {
        public uint stx_mask;
        public uint stx_blksize;
        public ulong stx_attributes;
        public uint stx_nlink;
        public uint stx_uid;
        public uint stx_gid;
        public ushort stx_mode;
        public ushort spare0;
        public ulong stx_ino;
        public ulong stx_size;
        public ulong stx_blocks;
        public ulong stx_attributes_mask;
        public statx_timestamp stx_atime;
        public statx_timestamp stx_btime;
        public statx_timestamp stx_ctime;
        public statx_timestamp stx_mtime;
        public uint stx_rdev_major;
        public uint stx_rdev_minor;
        public uint stx_dev_major;
        public uint stx_dev_minor;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int statx(int dirfd, byte* pathname, int flags, uint mask, statx_t* buffer);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mkdirat(int dirfd, byte* pathname, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mknodat(int dirfd, byte* pathname, uint mode, ulong dev);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmod(int fd, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmodat(int dirfd, byte* pathname, uint mode, int flags);

    /// <param name="times">Two of them: access and modification.</param>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int utimensat(int dirfd, byte* pathname, utime* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int futimens(int fd, utime* times);

    /// <summary>struct timespec, with the fixed widths of a 64-bit system.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct utime
    {
        public long tv_sec;
        public long tv_nsec;
    }
}
