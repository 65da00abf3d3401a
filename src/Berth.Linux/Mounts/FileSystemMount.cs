namespace Berth.Linux.Mounts;

/// <summary>A mount of a new file system written down: the arguments of fsopen, fsconfig and fsmount, in order. Nothing is mounted by having one.</summary>
/// <param name="FileSystem">As in /proc/filesystems.</param>
/// <param name="Source">What /proc/mounts shows as the device.</param>
/// <param name="Parameters">In the order they are given.</param>
/// <param name="Attributes">MOUNT_ATTR_* of fsmount(2).</param>
public sealed record FileSystemMount(string FileSystem, string Source, IReadOnlyList<MountParameter> Parameters, uint Attributes = 0);
