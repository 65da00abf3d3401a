namespace Berth.Linux.Mounts;

/// <summary>A mount of a new file system written down: the arguments of fsopen, fsconfig and fsmount, in order. Nothing is mounted by having one.</summary>
/// <param name="FileSystem">As in /proc/filesystems.</param>
/// <param name="Source">What /proc/mounts shows as the device.</param>
/// <param name="Parameters">In the order they are given.</param>
/// <param name="Attributes">MOUNT_ATTR_* of fsmount(2).</param>
public sealed record FileSystemMount(string FileSystem, string Source, IReadOnlyList<MountParameter> Parameters, uint Attributes = 0)
{
    // linux: fs/overlayfs/params.h, OVL_MAX_STACK
    private const int MostLower = 500;

    /// <summary>An overlay with one more folder over its other lower ones; the same where overlayfs takes no more of them.</summary>
    public FileSystemMount WithUppermostLower(string folder) =>
        Parameters.Count(static p => p.Key == "lowerdir+") < MostLower ? this with { Parameters = [new MountParameter("lowerdir+", folder, IsPath: true), .. Parameters] } : this;
}
