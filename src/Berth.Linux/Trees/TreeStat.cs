using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>What statx(2) says of an entry.</summary>
public readonly record struct TreeStat(
    uint Mode, uint Uid, uint Gid, long Size, long Seconds, uint Nanoseconds, uint DeviceMajor, uint DeviceMinor, ulong Inode, uint Links, long Blocks)
{
    /// <summary>In a layer of overlayfs it hides what lower layers have of its name, and is nothing itself. Linux: Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories".</summary>
    public bool IsWhiteout => (Mode & Libc.S_IFMT) == Libc.S_IFCHR && this is { DeviceMajor: 0, DeviceMinor: 0 };
}
