using Berth.Linux.Cgroups;
using Berth.Oci.Runtime;
using Berth.Runtime.Planning;

namespace Berth.Runtime.Init;

/// <summary>The spec's resources in the terms of Berth.Linux.</summary>
internal static class CgroupSpec
{
    // What every container may use whatever else is denied, as runc and crun have it: any node may be made, and these opened.
    private static readonly CgroupDeviceRule[] DefaultDevices =
    [
        new(true, 'c', null, null, "m"), new(true, 'b', null, null, "m"),
        new(true, 'c', 1, 3, "rwm"), new(true, 'c', 1, 5, "rwm"), new(true, 'c', 1, 7, "rwm"), new(true, 'c', 1, 8, "rwm"), new(true, 'c', 1, 9, "rwm"),
        new(true, 'c', 5, 0, "rwm"), new(true, 'c', 5, 2, "rwm"), new(true, 'c', 136, null, "rwm"),
    ];

    /// <summary>The path of a container's cgroup, relative to each hierarchy's root.</summary>
    public static string PathOf(RuntimeSpec spec, string id)
    {
        string path = spec.Linux?.CgroupsPath is { Length: > 0 } given ? given : $"/berth/{id}";
        return path.Contains(':', StringComparison.Ordinal)
            ? throw ContainerPlanning.Refusal("linux.cgroupsPath", $"is \"{path}\", a path for systemd's cgroup driver; this runtime has the cgroupfs driver alone")
            : "/" + TargetPlanning.Trim(path);
    }

    /// <summary>Limits of a new container: devices are restricted whatever the spec says.</summary>
    public static CgroupResources ForContainer(Resources? resources) =>
        Convert(resources ?? new Resources()) with { Devices = [.. (resources?.Devices ?? []).Select(Rule), .. DefaultDevices] };

    /// <summary>Limits of an update: what it does not name stays.</summary>
    public static CgroupResources Convert(Resources r) => new()
    {
        MemoryLimit = r.Memory?.Limit,
        MemoryReservation = r.Memory?.Reservation,
        MemorySwap = r.Memory?.Swap,
        MemorySwappiness = r.Memory?.Swappiness,
        DisableOomKiller = r.Memory?.DisableOOMKiller,
        CpuShares = r.Cpu?.Shares,
        CpuQuota = r.Cpu?.Quota,
        CpuPeriod = r.Cpu?.Period,
        CpuBurst = r.Cpu?.Burst,
        CpuRealtimeRuntime = r.Cpu?.RealtimeRuntime,
        CpuRealtimePeriod = r.Cpu?.RealtimePeriod,
        CpuIdle = r.Cpu?.Idle,
        CpusetCpus = r.Cpu?.Cpus,
        CpusetMems = r.Cpu?.Mems,
        PidsLimit = r.Pids?.Limit,
        BlkioWeight = r.BlockIO?.Weight,
        BlkioRates = Rates(r.BlockIO),
        Hugepages = [.. (r.HugepageLimits ?? []).Select(h => (h.PageSize ?? "", h.Limit))],
        Unified = r.Unified ?? new Dictionary<string, string>(),
    };

    private static CgroupDeviceRule Rule(DeviceRule rule) => new(
        rule.Allow,
        rule.Type is "b" or "c" ? rule.Type[0] : 'a',
        rule.Major is -1 ? null : rule.Major,
        rule.Minor is -1 ? null : rule.Minor,
        string.IsNullOrEmpty(rule.Access) ? "rwm" : rule.Access);

    private static IReadOnlyList<CgroupDeviceRate> Rates(BlockIOResources? io)
    {
        if (io is null)
        {
            return [];
        }

        IEnumerable<CgroupDeviceRate> weights = (io.WeightDevice ?? []).SelectMany(w => new[]
        {
            w.Weight is { } weight ? new CgroupDeviceRate("weight", w.Major, w.Minor, weight) : null,
            w.LeafWeight is { } leaf ? new CgroupDeviceRate("leaf_weight", w.Major, w.Minor, leaf) : null,
        }).OfType<CgroupDeviceRate>();
        return
        [
            .. weights, .. Throttles("rbps", io.ThrottleReadBpsDevice), .. Throttles("wbps", io.ThrottleWriteBpsDevice),
            .. Throttles("riops", io.ThrottleReadIOPSDevice), .. Throttles("wiops", io.ThrottleWriteIOPSDevice),
        ];
    }

    private static IEnumerable<CgroupDeviceRate> Throttles(string kind, IReadOnlyList<ThrottleDevice>? devices) =>
        (devices ?? []).Select(d => new CgroupDeviceRate(kind, d.Major, d.Minor, d.Rate));
}
