using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

public static unsafe partial class Libc
{
    public const long DEVPTS_SUPER_MAGIC = 0x1cd1;
    public const long CGROUP2_SUPER_MAGIC = 0x63677270;
    public const long ST_RDONLY = 1;

    /// <summary>sys/statfs.h on 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 120)]
    public struct statfs_data
    {
        public long f_type;
        public long f_bsize;
        public ulong f_blocks;
        public ulong f_bfree;
        public ulong f_bavail;
        public ulong f_files;
        public ulong f_ffree;
        public long f_fsid;
        public long f_namelen;
        public long f_frsize;
        public long f_flags;
    }

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int fstatfs(int fd, statfs_data* buf);
}
