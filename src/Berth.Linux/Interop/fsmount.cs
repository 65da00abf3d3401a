using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>linux/mount.h: making a mount in steps. By number, since glibc has names for these only from 2.36 on; the numbers are the same on all architectures.</summary>
public static unsafe partial class Libc
{
    public const int SYS_fsopen = 430;
    public const int SYS_fsconfig = 431;
    public const int SYS_fsmount = 432;

    public const uint FSOPEN_CLOEXEC = 1;
    public const uint FSMOUNT_CLOEXEC = 1;

    public const uint FSCONFIG_SET_FLAG = 0;
    public const uint FSCONFIG_SET_STRING = 1;
    public const uint FSCONFIG_SET_FD = 5;
    public const uint FSCONFIG_CMD_CREATE = 6;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint fsopen(nint number, byte* fsname, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint fsconfig(nint number, nint fd, nuint command, byte* key, byte* value, nint aux);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint fsmount(nint number, nint fd, nuint flags, nuint attributes);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mount(byte* source, byte* target, byte* filesystemtype, nuint mountflags, byte* data);
}
