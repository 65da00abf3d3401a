namespace Berth.Linux.Cgroups;

/// <summary>All that a cgroup counts, for people to watch. Times are nanoseconds, sizes bytes; null where this kind of cgroup does not count it.</summary>
public sealed record CgroupStatistics
{
    /// <summary>User and system time together.</summary>
    public ulong Cpu { get; init; }

    public ulong KernelCpu { get; init; }

    public ulong UserCpu { get; init; }

    /// <summary>For each processor; v1 only.</summary>
    public IReadOnlyList<ulong>? PerCpu { get; init; }

    /// <summary>Periods in which there was a quota, those in which it was used up, and how long processes waited for the next one.</summary>
    public ulong Periods { get; init; }

    public ulong ThrottledPeriods { get; init; }

    public ulong ThrottledTime { get; init; }

    /// <summary>Page cache included.</summary>
    public ulong? Memory { get; init; }

    /// <summary>The most there ever was; v1 only.</summary>
    public ulong? HighestMemory { get; init; }

    /// <summary><see cref="ulong.MaxValue"/>: none.</summary>
    public ulong? MemoryLimit { get; init; }

    /// <summary>How often the limit was hit.</summary>
    public ulong? MemoryFailures { get; init; }

    /// <summary>Lines of memory.stat; the two versions have different ones.</summary>
    public IReadOnlyDictionary<string, ulong>? MemoryParts { get; init; }

    public ulong? Processes { get; init; }

    /// <summary><see cref="ulong.MaxValue"/>: none.</summary>
    public ulong? ProcessLimit { get; init; }

    /// <summary>Null: there is no controller, or (v2) nothing was read or written.</summary>
    public IReadOnlyList<CgroupTransfer>? TransferredBytes { get; init; }

    /// <summary>Operations; v1 only.</summary>
    public IReadOnlyList<CgroupTransfer>? Transfers { get; init; }
}
