namespace Berth.Linux.Cgroups;

/// <summary>Finds out which hierarchies the host has.</summary>
public static class CgroupHost
{
    /// <summary>The driver for this host, from /proc/self/mountinfo and /proc/self/cgroup.</summary>
    public static ICgroupDriver Detect() => throw new InvalidOperationException();
}
