using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

public sealed class CgroupHostTests
{
    private const string Hybrid = """
        23 28 0:22 / /sys rw,nosuid - sysfs sysfs rw
        30 23 0:26 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
        31 30 0:27 / /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw,nsdelegate
        32 30 0:28 / /sys/fs/cgroup/systemd rw,nosuid shared:9 - cgroup cgroup rw,xattr,name=systemd
        33 30 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct
        34 30 0:30 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
        99 30 0:30 / /mnt/again rw - cgroup cgroup rw,memory
        """;

    [Fact]
    public void HierarchiesAreFound()
    {
        IReadOnlyList<CgroupHierarchy> found = CgroupHost.Hierarchies(Hybrid);
        Assert.Equal(["", "systemd", "cpu,cpuacct", "memory"], found.Select(h => h.Name));
        Assert.Equal(["", "none,name=systemd", "cpu,cpuacct", "memory"], found.Select(h => h.Options));
        Assert.Equal(["cpu", "cpuacct"], found[2].Controllers);
        Assert.Equal("/sys/fs/cgroup/memory/berth/x", found[3].Folder("/berth/x"));
        Assert.Equal("/sys/fs/cgroup/memory", found[3].Folder("/"));
    }

    [Fact]
    public void ControllersOnV1MakeTheHostAV1Host() => Assert.Equal(1, CgroupHost.From(CgroupHost.Hierarchies(Hybrid)).Version);

    [Fact]
    public void SystemdAloneOnV1DoesNot()
    {
        ICgroupDriver driver = CgroupHost.From(CgroupHost.Hierarchies(string.Join('\n', Hybrid.Split('\n').Take(4))));
        Assert.Equal(2, driver.Version);
        Assert.Equal("/sys/fs/cgroup/unified", Assert.Single(driver.Hierarchies).MountPoint);
    }

    [Fact]
    public void AHostWithoutCgroupsIsToldSo() =>
        Assert.Contains("no cgroup hierarchy", Assert.Throws<LinuxException>(() => CgroupHost.From([])).Message, StringComparison.Ordinal);
}
