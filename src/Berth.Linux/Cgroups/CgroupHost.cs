using Berth.Linux.Files;

namespace Berth.Linux.Cgroups;

/// <summary>Finds out which hierarchies the host has.</summary>
public static class CgroupHost
{
    /// <summary>The driver for this host.</summary>
    public static ICgroupDriver Detect() => From(Hierarchies(SmallFile.Read("/proc/self/mountinfo", 64 << 20)));

    /// <summary>The driver for a set of hierarchies.</summary>
    public static ICgroupDriver From(IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        CgroupHierarchy? unified = hierarchies.FirstOrDefault(h => h.IsUnified);
        CgroupHierarchy[] v1 = [.. hierarchies.Where(h => !h.IsUnified)];
        return v1.Any(h => h.Controllers.Count > 0) ? new CgroupV1Driver(v1, unified)
            : unified is not null ? new CgroupV2Driver(unified)
            : throw new LinuxException("read", "/proc/self/mountinfo: no cgroup hierarchy is mounted (mount one, as systemd or cgroupfs-mount do)", Errno.ENOENT);
    }

    /// <summary>The hierarchies in a text of the form of /proc/self/mountinfo; of one mounted twice, the first place.</summary>
    public static IReadOnlyList<CgroupHierarchy> Hierarchies(string mountinfo)
    {
        var found = new List<CgroupHierarchy>();
        foreach (string line in mountinfo.Split('\n'))
        {
            // 36 35 98:0 /root /mount/point rw,noatime master:1 - cgroup cgroup rw,cpu,cpuacct        (proc(5))
            int dash = line.IndexOf(" - cgroup", StringComparison.Ordinal);
            if (dash < 0)
            {
                continue;
            }

            string place = line.Split(' ')[4];
            string[] rest = line[(dash + 3)..].Split(' ');
            CgroupHierarchy? hierarchy = rest[0] switch
            {
                "cgroup2" => new CgroupHierarchy("", place, [], ""),
                "cgroup" => Of(place, rest[2]),
                _ => null,
            };
            if (hierarchy is not null && found.All(h => h.Options != hierarchy.Options))
            {
                found.Add(hierarchy);
            }
        }

        return found;
    }

    private static CgroupHierarchy Of(string place, string superOptions)
    {
        string[] options = superOptions.Split(',');
        string[] controllers = [.. options.Where(o => o is "cpu" or "cpuacct" or "cpuset" or "memory" or "devices" or "freezer" or "blkio" or "pids"
            or "hugetlb" or "net_cls" or "net_prio" or "perf_event" or "rdma" or "misc")];
        string? name = options.FirstOrDefault(o => o.StartsWith("name=", StringComparison.Ordinal));
        string data = name is null ? string.Join(',', controllers) : controllers.Length == 0 ? $"none,{name}" : $"{string.Join(',', controllers)},{name}";
        return new CgroupHierarchy(place[(place.LastIndexOf('/') + 1)..], place, controllers, data);
    }
}
