namespace Berth.Linux.Interop;

/// <summary>Attributes of files: linux/fs.h, the same on x86-64 and arm64.</summary>
public static unsafe partial class Libc
{
    // Declared with long, but the kernel reads and writes an int.
    public const uint FS_IOC_GETFLAGS = 0x80086601, FS_IOC_SETFLAGS = 0x40086602;

    public const int FS_TOPDIR_FL = 0x00020000;
}
