namespace Berth.Runtime.Planning;

/// <summary>One hierarchy as a container sees it.</summary>
/// <param name="Folder">Its name below /sys/fs/cgroup ("cpu,cpuacct", "systemd"); "" for the unified hierarchy.</param>
/// <param name="MountData">Options of mount(2) for it ("cpu,cpuacct", "none,name=systemd").</param>
/// <param name="HostPath">The container's own cgroup in it, a path of the host.</param>
/// <param name="Aliases">Symlinks beside it ("cpu", "cpuacct").</param>
internal sealed record CgroupView(string Folder, string MountData, string HostPath, IReadOnlyList<string> Aliases);
