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

    /// <summary>An overlay with one more folder under its other lower ones; the same where overlayfs takes no more of them.</summary>
    public FileSystemMount WithLowestLower(string folder)
    {
        List<MountParameter> all = [.. Parameters];
        int last = all.FindLastIndex(static p => p.Key == "lowerdir+");
        if (all.Count(static p => p.Key == "lowerdir+") >= MostLower)
        {
            return this;
        }

        all.Insert(last + 1, new MountParameter("lowerdir+", folder, IsPath: true));
        return this with { Parameters = all };
    }
}
