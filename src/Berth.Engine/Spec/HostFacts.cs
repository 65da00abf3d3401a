namespace Berth.Engine.Spec;

/// <summary>What spec building has to know about the host; read once, so that the building itself is pure.</summary>
public sealed record HostFacts
{
    public required int Cpus { get; init; }

    /// <summary>Processors that a cpuset may name, as "0-3"; empty where cpusets are not available.</summary>
    public required string CpusetCpus { get; init; }

    public required string CpusetMems { get; init; }

    /// <summary>The engine's own bounding set, by name.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>The cgroup v1 memory controller accounts swap (memory.memsw files), or v2.</summary>
    public required bool SwapLimit { get; init; }

    public required bool CgroupV2Only { get; init; }

    /// <summary>Controllers that containers get: memory, cpu, pids, cpuset, blkio, devices, hugetlb.</summary>
    public required IReadOnlySet<string> Controllers { get; init; }

    /// <summary>Sysctls that a new network namespace has (net.ipv4.ping_group_range …).</summary>
    public required IReadOnlySet<string> Sysctls { get; init; }

    /// <summary>/sys/devices/system/cpu/cpuN/thermal_throttle folders there are: they are masked.</summary>
    public required IReadOnlyList<string> ThermalThrottles { get; init; }

    public required string Hostname { get; init; }
}
