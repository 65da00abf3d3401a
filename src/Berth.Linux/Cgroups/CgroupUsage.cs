namespace Berth.Linux.Cgroups;

/// <summary>Counters of a cgroup; null where the host does not count them.</summary>
public sealed record CgroupUsage
{
    /// <summary>Processes that the OOM killer took in this cgroup.</summary>
    public long? OomKills { get; init; }

    /// <summary>User and system time, microseconds.</summary>
    public long? CpuMicroseconds { get; init; }

    /// <summary>Bytes, page cache included.</summary>
    public long? MemoryBytes { get; init; }

    public long? Processes { get; init; }
}
