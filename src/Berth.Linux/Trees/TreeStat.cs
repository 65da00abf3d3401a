namespace Berth.Linux.Trees;

/// <summary>What statx(2) says of an entry.</summary>
public readonly record struct TreeStat(
    uint Mode, uint Uid, uint Gid, long Size, long Seconds, uint Nanoseconds, uint DeviceMajor, uint DeviceMinor, ulong Inode, uint Links, long Blocks);
