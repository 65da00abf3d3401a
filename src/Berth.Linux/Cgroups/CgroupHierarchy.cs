namespace Berth.Linux.Cgroups;

/// <summary>One mounted hierarchy.</summary>
/// <param name="Name">Its folder's name: "memory", "cpu,cpuacct", "systemd"; "" for the unified one.</param>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="Controllers">Controllers of v1 ("cpu", "cpuacct"); empty for named hierarchies and v2.</param>
/// <param name="Options">What mount(2) takes to mount it again: "cpu,cpuacct", "none,name=systemd"; "" for v2.</param>
public sealed record CgroupHierarchy(string Name, string MountPoint, IReadOnlyList<string> Controllers, string Options)
{
    public bool IsUnified => Name.Length == 0;

    /// <summary>The folder of a cgroup in it.</summary>
    public string Folder(string path) => MountPoint + (path.StartsWith('/') ? path : "/" + path).TrimEnd('/');
}
