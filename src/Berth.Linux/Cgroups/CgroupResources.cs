namespace Berth.Linux.Cgroups;

/// <summary>Limits in the units of the OCI runtime specification (cgroup v1's); the v2 driver converts. Null leaves a value as it is, -1 takes a limit away.</summary>
public sealed record CgroupResources
{
    /// <summary>Bytes.</summary>
    public long? MemoryLimit { get; init; }

    public long? MemoryReservation { get; init; }

    /// <summary>Bytes of memory and swap together.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>0 to 100; v1 only.</summary>
    public ulong? MemorySwappiness { get; init; }

    /// <summary>v1 only.</summary>
    public bool? DisableOomKiller { get; init; }

    /// <summary>2 to 262144; v2's weight follows from it.</summary>
    public ulong? CpuShares { get; init; }

    /// <summary>Microseconds in each period.</summary>
    public long? CpuQuota { get; init; }

    public ulong? CpuPeriod { get; init; }

    public ulong? CpuBurst { get; init; }

    public long? CpuRealtimeRuntime { get; init; }

    public ulong? CpuRealtimePeriod { get; init; }

    public long? CpuIdle { get; init; }

    /// <summary>List such as 0-2,4; "" is as null.</summary>
    public string? CpusetCpus { get; init; }

    public string? CpusetMems { get; init; }

    public long? PidsLimit { get; init; }

    /// <summary>10 to 1000.</summary>
    public ushort? BlkioWeight { get; init; }

    public IReadOnlyList<CgroupDeviceRate> BlkioRates { get; init; } = [];

    /// <summary>Page size such as 2MB, and bytes.</summary>
    public IReadOnlyList<(string PageSize, ulong Limit)> Hugepages { get; init; } = [];

    /// <summary>Rules in order, the last match wins; what none matches is denied. Null leaves devices as they are.</summary>
    public IReadOnlyList<CgroupDeviceRule>? Devices { get; init; }

    /// <summary>v2 files by name, written as they are.</summary>
    public IReadOnlyDictionary<string, string> Unified { get; init; } = new Dictionary<string, string>();
}
